package io.kumo.server;

import io.kumo.core.metrics.Measurement;
import io.kumo.core.rpc.NameFollower;
import io.kumo.core.rpc.NamedNode;
import io.kumo.core.rpc.NodeListener;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.transport.Transport;
import io.kumo.core.voter.VoterService;
import io.kumo.server.lifecycle.ReplicaEvent;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.rejoin.RestartCheck;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: the store, the network and the decisions, from its start to its stop. The same in a
 * real process, in a test with several servers, and in the simulator; only the transport and the
 * store differ.
 *
 * <p>Constructed, started and stopped on any thread; everything between runs on the transport's
 * loop.
 */
public final class ServerNode {
  private static final Logger log = LoggerFactory.getLogger(ServerNode.class);

  private static final String SERVING_HELP =
      "Whether this server is active, and has its records: 1 or 0.";

  private static final String KEPT_HELP =
      "Overwritten records that are kept for a backup under way, in memory and on the disk.";

  private final ServerAssembly assembly;

  /** With the streams of a rebalance on the same loop as everything else. */
  public ServerNode(
      Transport transport,
      Store store,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random) {
    this(transport, store, config, rpc, random, ServerRules.SOUND);
  }

  /** As above, by other rules than the sound ones. */
  public ServerNode(
      Transport transport,
      Store store,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random,
      ServerRules rules) {
    this(new Threads(transport, transport), store, OldRecords.LET_GO, config, rpc, random, rules);
  }

  /**
   * Where the work is done.
   *
   * @param main everything that is not said to be elsewhere
   * @param streams carries the records of a rebalance
   */
  public record Threads(Transport main, Transport streams) {}

  /**
   * @param store borrowed: open, and closed by the caller after {@link #stop}
   * @param oldRecords what becomes of records that are too old when this server returns
   * @param random source of the incarnation and of jitter
   */
  public ServerNode(
      Threads threads,
      Store store,
      OldRecords oldRecords,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random) {
    this(threads, store, oldRecords, config, rpc, random, ServerRules.SOUND);
  }

  private ServerNode(
      Threads threads,
      Store store,
      OldRecords oldRecords,
      ServerConfig config,
      RpcOptions rpc,
      RandomGenerator random,
      ServerRules rules) {
    assembly = new ServerAssembly(threads, store, oldRecords, config, rpc, random, rules);
  }

  /**
   * Listens, and connects to the managers.
   *
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public void start() throws IOException {
    assembly.state.markRunning();
    ServerVoting voting = assembly.voting;
    if (voting != null) {
      assembly.transport.execute(voting::start);
      assembly.transport.execute(assembly.health::start);
    }
    assembly.endpoint.listen(assembly.config.addresses().bind());
    assembly.rebalancer.listen();
    assembly.transport.execute(assembly.managers::start);
    assembly.transport.execute(assembly.gate::start);
    if (assembly.stoppedCleanly) {
      assembly.transport.execute(new RestartCheck(assembly.context)::start);
    }
    assembly.housekeeping.start();
    assembly.scrubber.start();
    log.info("server {} serves", assembly.config.addresses().self());
  }

  /** Looks for managers that were named, wherever their names lead. Any thread. */
  public void followManagers(List<NamedNode> names, NameFollower.Resolver resolver) {
    assembly.transport.execute(() -> assembly.managers.follow(names, resolver));
  }

  /**
   * Lets the writes under way end, for a while, then leaves the network. Completes on the loop; the
   * store may be closed then.
   */
  public CompletableFuture<Void> stop() {
    return new OrderlyStop(assembly.transport, assembly.coordinator::pendingCount)
        .begin(
            this::leave,
            this::giveBack,
            List.of(
                assembly.coordinator::close,
                assembly.housekeeping::stop,
                assembly.scrubber::stop,
                assembly.scrub::stop,
                assembly.rebalancer::close,
                assembly.endpoint::close),
            noted -> assembly.state.markStopped(assembly.transport, noted));
  }

  private void leave() {
    assembly.managers.stop();
    assembly.health.stop();
    if (assembly.voting != null) {
      assembly.spaces.lifecycle().on(ReplicaEvent.STOP_ORDERED);
    }
  }

  private void giveBack(Runnable then) {
    ServerVoting voting = assembly.voting;
    if (voting == null) {
      then.run();
    } else {
      voting.giveBack(then);
    }
  }

  /** This server's vote; an {@link IllegalStateException} when it has none. */
  public VoterService requireVoter() {
    if (assembly.voting == null) {
      throw new IllegalStateException("this server has no vote");
    }
    return assembly.voting.voter();
  }

  /** Has {@code listener} hear of nodes from now on. */
  public void addNodeListener(NodeListener listener) {
    assembly.transport.execute(() -> assembly.endpoint.addNodeListener(listener));
  }

  public RpcEndpoint endpoint() {
    return assembly.endpoint;
  }

  public ViewHolder spaces() {
    return assembly.spaces;
  }

  public ServerMetrics metrics() {
    return assembly.metrics;
  }

  /** What it measures; any thread. */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>(assembly.metrics.measurements());
    all.addAll(assembly.endpoint.statistics().measurements());
    long serving = assembly.spaces.lifecycle().isServing() ? 1 : 0;
    all.add(new Measurement("kumo_server_serving", false, SERVING_HELP, serving));
    long kept = assembly.snapshots.keptBytes();
    all.add(new Measurement("kumo_server_snapshot_bytes", false, KEPT_HELP, kept));
    all.addAll(assembly.scrub.measurements());
    return all;
  }

  /**
   * How fast all records are read again and again for their checksums; off until this is called.
   * Any thread.
   *
   * @param bytesPerSecond 0 switches it off
   */
  public void scrubAt(long bytesPerSecond) {
    assembly.transport.execute(() -> assembly.scrub.setRate(bytesPerSecond));
  }

  /** Whether every key that this server coordinates can be served without asking others. */
  public boolean isVerified() {
    return assembly.gate.isVerified();
  }
}
