package io.kumo.it.desk;

import static org.awaitility.Awaitility.await;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.http.Shown;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.net.NettyTransport;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.state.BackgroundVoteWriter;
import io.kumo.core.state.VoteFile;
import io.kumo.core.vote.VoteRules;
import io.kumo.gateway.Gateway;
import io.kumo.gateway.GatewayConfig;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.it.process.FreePorts;
import io.kumo.it.process.KumoProcess;
import io.kumo.it.process.TextClient;
import io.kumo.it.process.Tool;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.manager.history.HistoryFile;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerProcess;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreOptions;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Managers that vote, servers and a gateway in this JVM, with real sockets and real files: up in
 * seconds, where processes take a minute. Confined to the test's thread.
 */
final class DeskCluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final McSettings WITH_FLUSH =
      new McSettings("1.6.27", 1 << 20, 100_000, true, false);

  private final Path folder;
  private final List<NodeAddress> managers = new ArrayList<>();
  private final List<NodeAddress> servers = new ArrayList<>();
  private final List<NodeAddress> streams = new ArrayList<>();
  private final Map<Integer, Closeable> managerParts = new TreeMap<>();
  private final Map<Integer, ManagerNode> nodes = new TreeMap<>();
  private final Map<Integer, ServerProcess> running = new TreeMap<>();
  private Gateway gateway;
  private long seed = 1;

  DeskCluster(Path folder, int managerCount, int serverCount) {
    this.folder = folder;
    for (int i = 0; i < managerCount; i++) {
      managers.add(freeAddress());
    }
    for (int i = 0; i < serverCount; i++) {
      servers.add(freeAddress());
      streams.add(freeAddress());
    }
  }

  private static NodeAddress freeAddress() {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, FreePorts.one());
  }

  /** Starts all, attaches the servers, and returns when a value can be stored. */
  static DeskCluster up(Path folder, int managers, int servers) throws IOException {
    return up(folder, managers, servers, servers);
  }

  /** The same, with further servers that are still to be started. */
  static DeskCluster up(Path folder, int managers, int servers, int started) throws IOException {
    DeskCluster cluster = new DeskCluster(folder, managers, servers);
    for (int i = 0; i < managers; i++) {
      cluster.startManager(i);
    }
    for (int i = 0; i < started; i++) {
      cluster.startServer(i);
    }
    cluster.gateway = cluster.startGateway(0);
    await().atMost(PATIENCE).until(() -> cluster.kumoctl("attach").output().equals("nil\n"));
    cluster.awaitSteady();
    return cluster;
  }

  /** Another gateway, which is the caller's; on any port for 0. */
  Gateway startGateway(int port) throws IOException {
    return Gateway.start(
        GatewayConfig.of(
                new ManagerOptions(managers),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .withClients(WITH_FLUSH, ClientLimits.DEFAULT));
  }

  void startManager(int index) throws IOException {
    NodeAddress self = managers.get(index);
    NodeAddress partner = managers.size() == 2 ? managers.get(1 - index) : null;
    EventLoops loops = new EventLoops("manager", 1, IoKind.best());
    NettyTransport transport = new NettyTransport(loops, TimeSource.system());
    SplittableRandom random = new SplittableRandom(System.identityHashCode(this) + seed++);
    VoteFile vote =
        VoteFile.open(
            VoteRules.SOUND, folder.resolve("manager-" + index), self, 0, random::nextLong);
    BackgroundVoteWriter writer = new BackgroundVoteWriter(vote, transport);
    ManagerConfig config = ManagerConfig.of(self, partner).withVotes(writer);
    ManagerNode node = ManagerNode.start(config, transport, random);
    HistoryFile history = new HistoryFile(folder.resolve("manager-" + index));
    node.keepHistory(history);
    nodes.put(index, node);
    managerParts.put(
        index,
        () -> {
          node.close();
          history.close();
          loops.close();
          writer.close();
          vote.close();
        });
  }

  void startServer(int index) throws IOException {
    startServer(index, StoreOptions.small().withFsync(FsyncPolicy.NEVER));
  }

  void startServer(int index, StoreOptions options) throws IOException {
    running.put(
        index,
        ServerProcess.start(
            ServerConfig.of(servers.get(index), streams.get(index), managers),
            store(index),
            options,
            RpcOptions.DEFAULT));
  }

  void stopManager(int index) throws IOException {
    managerParts.remove(index).close();
  }

  /** Where a manager keeps its vote and its history. */
  Path state(int index) {
    return folder.resolve("manager-" + index);
  }

  void stopServer(int index) {
    running.remove(index).close();
  }

  /** Until every node serves under a lease, by the same hash spaces. */
  void awaitSteady() {
    await().atMost(PATIENCE).until(() -> kumoctl("status", "-o", "table").exitCode() == 0);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (TextClient client = client()) {
                return client.set("is-up", "up").equals("STORED");
              }
            });
  }

  KumoProcess.Result kumoctl(String... command) {
    return kumoctl(0, command);
  }

  KumoProcess.Result kumoctl(int manager, String... command) {
    List<String> arguments = new ArrayList<>(List.of(managers.get(manager).toString()));
    arguments.addAll(List.of(command));
    return Tool.kumoctl(arguments.toArray(new String[0]));
  }

  /** Of the gateway that every cluster has. */
  int clientPort() {
    return gateway.addresses().get(0).getPort();
  }

  TextClient client() throws IOException {
    return new TextClient(gateway.addresses().get(0));
  }

  /** What a manager shows to browsers. */
  Shown shown(int manager) {
    return nodes.get(manager).show();
  }

  String manager(int index) {
    return managers.get(index).toString();
  }

  String server(int index) {
    return servers.get(index).toString();
  }

  NodeAddress serverAddress(int index) {
    return servers.get(index);
  }

  ServerProcess process(int index) {
    return running.get(index);
  }

  Path store(int index) {
    return folder.resolve("store-" + index);
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    for (ServerProcess server : running.values()) {
      server.close();
    }
    for (Closeable manager : managerParts.values()) {
      manager.close();
    }
  }
}
