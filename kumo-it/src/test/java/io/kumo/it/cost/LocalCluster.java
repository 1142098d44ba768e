package io.kumo.it.cost;

import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.state.BackgroundVoteWriter;
import io.kumo.core.state.VoteFile;
import io.kumo.core.transport.Transport;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import io.kumo.gateway.Gateway;
import io.kumo.gateway.GatewayConfig;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A manager, servers with real files, three unless said otherwise, and a gateway, in this process
 * over real sockets; each on a thread of its own, named after it, and the streams of a server on
 * one more.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<EventLoops> loops = new ArrayList<>();
  private final List<ServerNode> servers = new ArrayList<>();
  private final List<Addresses> addresses = new ArrayList<>();
  private final List<MapDbStore> stores = new ArrayList<>();
  private final List<BackgroundVoteWriter> writers = new ArrayList<>();
  private final List<VoteFile> votes = new ArrayList<>();
  private final ManagerNode manager;
  private final NodeAddress managerAddress = freeAddress();
  private final Gateway gateway;
  private final List<Gateway> moreGateways = new ArrayList<>();
  private final Random random = new Random(1);

  /** What its nodes are made of, where that is not what real ones are. */
  public interface Wiring {
    Wiring PLAIN = new Wiring() {};

    /** What the loop of this name is to use in place of its transport. */
    default Transport network(String name, Transport real) {
      return real;
    }

    /** When the stores of its servers hold a write for durable. */
    default FsyncPolicy fsync() {
      return FsyncPolicy.EVERYSEC;
    }

    default int servers() {
      return 3;
    }

    /** How many there are to be of a record. */
    default int copies() {
      return HashSpace.DEFAULT_COPIES;
    }

    /** Whether its nodes vote, as daemons do. */
    default boolean votes() {
      return true;
    }
  }

  /** Starts it, its records below the directory; returns when clients can store. */
  public LocalCluster(Path directory) throws IOException {
    this(directory, Wiring.PLAIN);
  }

  public LocalCluster(Path directory, Wiring wiring) throws IOException {
    Transport managerLoop = wiring.network("manager", transport("manager"));
    ManagerConfig managerConfig = ManagerConfig.of(managerAddress, null);
    if (wiring.votes()) {
      VoteWriter vote = openVote(directory.resolve("manager"), managerAddress, managerLoop);
      managerConfig = managerConfig.withVotes(vote);
    }
    manager = ManagerNode.start(managerConfig, managerLoop, new Random(2));
    for (int i = 0; i < wiring.servers(); i++) {
      NodeAddress address = freeAddress();
      NodeAddress streams = freeAddress();
      addresses.add(new Addresses(address, streams));
      MapDbStore store =
          MapDbStore.open(
              directory.resolve("store-" + i),
              address.toString(),
              StoreOptions.small().withFsync(wiring.fsync()));
      stores.add(store);
      ServerConfig config = ServerConfig.of(address, streams, List.of(managerAddress));
      Transport loop = wiring.network("server-" + i, transport("server-" + i));
      if (wiring.votes()) {
        config = config.withVotes(openVote(directory.resolve("vote-" + i), address, loop));
      }
      ServerNode server =
          new ServerNode(
              new ServerNode.Threads(
                  loop, wiring.network("streams-" + i, transport("streams-" + i))),
              store,
              OldRecords.LET_GO,
              config,
              RpcOptions.DEFAULT,
              random);
      server.start();
      servers.add(server);
    }
    gateway =
        Gateway.start(
            gatewayConfig(managerAddress), transport -> wiring.network("gateway", transport));
    attach(wiring.copies());
  }

  private VoteWriter openVote(Path folder, NodeAddress address, Transport loop) throws IOException {
    VoteFile file = VoteFile.open(VoteRules.SOUND, folder, address, 0, random::nextLong);
    BackgroundVoteWriter writer = new BackgroundVoteWriter(file, loop);
    votes.add(file);
    writers.add(writer);
    return writer;
  }

  private static GatewayConfig gatewayConfig(NodeAddress manager) {
    return GatewayConfig.of(
        new ManagerOptions(List.of(manager)),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private NettyTransport transport(String name) {
    EventLoops own = new EventLoops(name, 1, IoKind.best());
    loops.add(own);
    return new NettyTransport(own, TimeSource.system());
  }

  private static NodeAddress freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return NodeAddress.of(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
    }
  }

  /** Starts another gateway; returns where its clients connect once it knows the servers. */
  public InetSocketAddress startGateway(UnaryOperator<GatewayConfig> change) throws IOException {
    return startGateway(change, TimeSource.system());
  }

  /** The same by another clock. */
  public InetSocketAddress startGateway(UnaryOperator<GatewayConfig> change, TimeSource time)
      throws IOException {
    Gateway started = Gateway.start(change.apply(gatewayConfig(managerAddress)), time);
    moreGateways.add(started);
    await()
        .atMost(PATIENCE)
        .until(() -> started.view().spaces().write().nodes().size() == servers.size());
    return started.addresses().get(0);
  }

  /** Until the gateway knows all servers as active. */
  private void attach(int copies) {
    NettyTransport transport = transport("operator");
    RpcEndpoint operator = new RpcEndpoint(transport, null, RpcOptions.DEFAULT, random);
    ReplyHandler ignored =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {}
        };
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              transport.execute(
                  () ->
                      operator
                          .peer(managerAddress)
                          .call(
                              new AttachNewServers(true, false, false, copies),
                              TimeUnit.SECONDS.toNanos(5),
                              ignored));
              return gateway.view().spaces().read().nodes().size() == servers.size()
                  && !gateway.view().spaces().rebalancing();
            });
  }

  public ManagerNode manager() {
    return manager;
  }

  /** Where tools ask. */
  public NodeAddress managerAddress() {
    return managerAddress;
  }

  /** Where a server listens. */
  public record Addresses(NodeAddress self, NodeAddress stream) {}

  public Addresses server(int index) {
    return addresses.get(index);
  }

  public List<ServerNode> servers() {
    return servers;
  }

  public List<MapDbStore> stores() {
    return stores;
  }

  /** The first one. */
  public Gateway gateway() {
    return gateway;
  }

  /** Where clients of the first gateway connect. */
  public InetSocketAddress clientAddress() {
    return gateway.addresses().get(0);
  }

  @Override
  public void close() {
    moreGateways.forEach(Gateway::close);
    gateway.close();
    servers.forEach(server -> server.stop().join());
    manager.close();
    loops.forEach(EventLoops::close);
    stores.forEach(MapDbStore::close);
    writers.forEach(BackgroundVoteWriter::close);
    votes.forEach(LocalCluster::close);
  }

  private static void close(VoteFile vote) {
    try {
      vote.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
