package io.kumo.server;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import io.kumo.server.admin.ServerTotals;
import io.kumo.server.admin.StatisticsHandler;
import io.kumo.server.admin.StoreHandlers;
import io.kumo.server.rejoin.OldRecordCopies;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server over real sockets and real files. */
public final class ServerProcess implements AutoCloseable {
  private static final int MAX_WAITING_WORK = 64;

  private final EventLoops loops;
  private final MapDbStore store;
  private final StoredVote vote;
  private final ServerNode node;
  private final ServerTotals totals;
  private final ExecutorService work;

  private ServerProcess(
      EventLoops loops,
      MapDbStore store,
      StoredVote vote,
      ServerNode node,
      ServerTotals totals,
      ExecutorService work) {
    this.loops = loops;
    this.store = store;
    this.vote = vote;
    this.node = node;
    this.totals = totals;
    this.work = work;
  }

  /** For what blocks: a backup or a compact, and beside it one who asks for statistics. */
  private static ThreadPoolExecutor workThreads() {
    return new ThreadPoolExecutor(
        2,
        2,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MAX_WAITING_WORK),
        work -> {
          Thread thread = new Thread(work, "kumo-store-work");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Opens the store, then the ports. Blocks until the store is recovered.
   *
   * @throws IOException when a port cannot be bound
   * @throws io.kumo.server.store.StoreException when the store cannot be opened
   */
  public static ServerProcess start(
      ServerConfig config, Path storePath, StoreOptions storeOptions, RpcOptions rpc)
      throws IOException {
    return start(config, storePath, storeOptions, rpc, ClusterSecurity.open(LinkRole.SERVER));
  }

  /**
   * As above, with ports that are protected.
   *
   * @param security told of the cluster that this server is of
   */
  public static ServerProcess start(
      ServerConfig config,
      Path storePath,
      StoreOptions storeOptions,
      RpcOptions rpc,
      ClusterSecurity security)
      throws IOException {
    MapDbStore store =
        MapDbStore.open(storePath, config.addresses().self().toString(), storeOptions);
    EventLoops loops = EventLoops.busyPolling("server", 2, IoKind.best());
    ThreadPoolExecutor work = workThreads();
    Executor guarded = Guard.ofProcess().guarding("store work", work);
    NettyTransport transport = new NettyTransport(loops, TimeSource.system());
    @Nullable StoredVote vote = null;
    try {
      vote = StoredVote.open(storePath, store.storeId(), config.addresses().self(), transport);
      NettyTransport streams = new NettyTransport(loops, TimeSource.system());
      ServerNode node =
          new ServerNode(
              new ServerNode.Threads(transport.secured(security), streams.secured(security)),
              store,
              new OldRecordCopies(store, storePath, TimeSource.system(), guarded),
              config.withVotes(vote.writer()),
              rpc,
              new SplittableRandom(new SecureRandom().nextLong()));
      security.clusterFrom(() -> node.spaces().voted().cluster());
      new StoreHandlers(node.endpoint(), store, storePath, guarded).register();
      ServerTotals totals = new ServerTotals(node::measurements, node.metrics(), store);
      new StatisticsHandler(node.endpoint(), totals, guarded).register();
      node.start();
      return new ServerProcess(loops, store, vote, node, totals, work);
    } catch (IOException | RuntimeException e) {
      work.shutdown();
      loops.close();
      if (vote != null) {
        vote.close();
      }
      store.close();
      throw e;
    }
  }

  public ServerTotals totals() {
    return totals;
  }

  public ServerNode node() {
    return node;
  }

  /** Lets the writes under way end, leaves the network, closes the store. Blocks. */
  @Override
  public void close() {
    node.stop().join();
    loops.close();
    work.shutdown();
    store.close();
    vote.close();
  }
}
