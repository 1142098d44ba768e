package io.kumo.it.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.extended.Mutate;
import io.kumo.core.protocol.extended.MutateOperands;
import io.kumo.core.protocol.extended.MutateResult;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.core.protocol.extended.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A manager and servers on a network in memory, in virtual time; stores survive a kill. */
final class MovingCluster {
  static final NodeAddress MANAGER = address(1, 19700);

  final MemoryNetwork network = new MemoryNetwork();
  final ManagerNode manager;
  final Map<NodeAddress, ServerNode> servers = new TreeMap<>();
  final Map<NodeAddress, MemoryStore> stores = new TreeMap<>();
  final Map<NodeAddress, MemoryHost> hosts = new TreeMap<>();

  /** What servers were told to keep aside, which takes them five seconds. */
  final Map<NodeAddress, Map<String, String>> oldRecords = new TreeMap<>();

  ServerConfig.Rebalance rebalance = ServerConfig.Rebalance.DEFAULT;
  ServerConfig.Garbage garbage = ServerConfig.Garbage.DEFAULT;
  private final MemoryHost clientHost = network.start(address(9, 9));
  private final RpcEndpoint client;
  private final Random random = new Random(1);

  MovingCluster() {
    client = new RpcEndpoint(clientHost, null, RpcOptions.DEFAULT, new Random(2));
    try {
      manager = ManagerNode.start(ManagerConfig.of(MANAGER, null), network.start(MANAGER), random);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NodeAddress address(int last, int port) {
    return NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, port);
  }

  static NodeAddress server(int number) {
    return address(10 + number, 19800);
  }

  void startServer(int number) {
    NodeAddress address = server(number);
    MemoryStore store = stores.computeIfAbsent(address, a -> new MemoryStore());
    NodeAddress stream = NodeAddress.fromBits(19900, address.ipv4());
    MemoryHost host = network.start(address);
    hosts.put(address, host);
    ServerConfig config =
        ServerConfig.of(address, stream, List.of(MANAGER))
            .withGarbage(garbage)
            .withRebalance(rebalance);
    ServerNode.Threads threads = new ServerNode.Threads(host, host);
    OldRecords old =
        kept -> {
          oldRecords.put(address, records(store));
          host.schedule(Duration.ofSeconds(5).toNanos(), kept);
        };
    ServerNode node = new ServerNode(threads, store, old, config, RpcOptions.DEFAULT, random);
    try {
      node.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    servers.put(address, node);
  }

  void startServers(int from, int to) {
    for (int number = from; number <= to; number++) {
      startServer(number);
    }
  }

  void kill(int number) {
    network.kill(server(number));
    servers.remove(server(number));
  }

  void run(long millis) {
    network.events().runFor(Duration.ofMillis(millis).toNanos());
  }

  HashSpaces spaces() {
    return manager.control().table().spaces();
  }

  void attach() {
    assertThat(call(MANAGER, new AttachNewServers(true, false))).isNotNull();
  }

  void detach() {
    assertThat(call(MANAGER, new DetachFaultServers(true))).isNotNull();
  }

  void fullReplace() {
    assertThat(call(MANAGER, new StartReplace(true))).isNotNull();
  }

  long nowMs() {
    return network.events().nowNs() / 1_000_000;
  }

  /** Lets the time pass until no replace is under way. */
  void settle() {
    run(100);
    for (int i = 0; i < 6000; i++) {
      if (!manager.control().rebalance().director().phase().isRunning()) {
        return;
      }
      run(100);
    }
    throw new AssertionError(
        "the replace does not end: "
            + manager.control().rebalance().director().phase()
            + " waits for "
            + manager.control().rebalance().director().waitingFor());
  }

  /** The encoded result; null after an error. */
  @Nullable ByteBuf call(NodeAddress to, Message message) {
    List<@Nullable ByteBuf> results = new ArrayList<>();
    ReplyHandler handler =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            results.add(Unpooled.copiedBuffer(result));
          }

          @Override
          public void error(ErrorCode code, String detail) {
            results.add(null);
          }
        };
    long timeoutNs = Duration.ofSeconds(10).toNanos();
    clientHost.enter(() -> client.peer(to).call(message, timeoutNs, handler));
    for (int i = 0; i < 20_000 && results.isEmpty(); i++) {
      run(1);
    }
    return results.get(0);
  }

  void set(String key, String value) {
    mutate(Operation.SET, key, value);
  }

  void delete(String key) {
    mutate(Operation.DELETE, key, "");
  }

  /** Sends a write to the coordinator until it is done. */
  private void mutate(Operation operation, String key, String value) {
    ByteBuf raw = rawKey(key);
    for (int i = 0; i < 50; i++) {
      NodeAddress to = Objects.requireNonNull(spaces().write().coordinator(raw.getLong(0)));
      ByteBuf data = Unpooled.copiedBuffer(value, StandardCharsets.UTF_8);
      ByteBuf result =
          call(
              to, new Mutate(operation, 0, raw, data, MutateOperands.ofItem(0, 0), RequestId.NONE));
      if (result != null && isDone(result)) {
        return;
      }
      run(200);
    }
    throw new AssertionError("cannot write " + key);
  }

  private static boolean isDone(ByteBuf result) {
    try {
      MutateStatus status = MutateResult.read(result).status();
      return status != MutateStatus.REFUSED && status != MutateStatus.FAILED;
    } catch (io.kumo.core.protocol.wire.MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  static ByteBuf rawKey(String key) {
    byte[] user = key.getBytes(StandardCharsets.UTF_8);
    return Unpooled.buffer().writeLong(KeyHash.of(user)).writeBytes(user);
  }

  /** Of all servers that run. */
  long count(ServerMetric metric) {
    return servers.values().stream().mapToLong(node -> node.metrics().get(metric)).sum();
  }

  /** Everything in a store, tombstones included, in hex. */
  static Map<String, String> records(MemoryStore store) {
    Map<String, String> records = new TreeMap<>();
    Cursor cursor = Cursor.all();
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              ScanLimits.records(1000, Long.MAX_VALUE),
              (key, value, length) -> {
                records.put(ByteBufUtil.hexDump(key), ByteBufUtil.hexDump(value));
                return true;
              });
    }
    return records;
  }

  MemoryStore store(int number) {
    return Objects.requireNonNull(stores.get(server(number)));
  }

  /** Every key is on its active replicas, the same everywhere, and nowhere else that is alive. */
  void assertPlaced(Iterable<String> keys) {
    HashSpace write = spaces().write();
    for (String key : keys) {
      ByteBuf raw = rawKey(key);
      String hex = ByteBufUtil.hexDump(raw);
      List<NodeAddress> owners = write.activeReplicas(raw.getLong(0));
      List<String> values = new ArrayList<>();
      for (NodeAddress server : servers.keySet()) {
        String value = records(Objects.requireNonNull(stores.get(server))).get(hex);
        assertThat(value != null).as(key + " on " + server).isEqualTo(owners.contains(server));
        if (value != null) {
          values.add(value);
        }
      }
      assertThat(values).as(key).isNotEmpty();
      assertThat(values.stream().distinct()).as(key).hasSize(1);
    }
  }
}
