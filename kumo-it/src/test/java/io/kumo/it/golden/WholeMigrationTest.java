package io.kumo.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.item.ItemLayout;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.RouterOptions;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.server.ServerNode;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.MemoryGateway;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.store.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The whole of docs/migration.md, "In place", steps 1 to 3, while a gateway with {@code
 * --original-layout -F} writes, deletes and adds. Nobody has an original here, so processes of ours
 * stand for them, in {@link Disguise}: they speak as originals do and are spoken to as such. What
 * real ones answer, {@link ReplayTest} shows.
 */
class WholeMigrationTest {
  private static final int EXTENDED = 1 << 16;
  private static final int KEYS = 200;
  private static final int PATIENCE_MS = 120_000;
  private static final long RECORDED_MILLIS = 1_795_205_157_000L;
  private static final NodeAddress M1 = MemoryGateway.address(9_000);
  private static final NodeAddress M2 = MemoryGateway.address(9_001);

  private final MemoryGateway gateway =
      new MemoryGateway(
          new RouterOptions(
              5,
              20,
              20,
              RouterOptions.DEFAULT.deadlineNs(),
              false,
              false,
              new ItemLayout(true, true, false),
              1 << 20));
  private final MemoryCluster cluster = gateway.cluster();
  private final Set<NodeAddress> originals = new HashSet<>();
  private final Map<NodeAddress, Set<Integer>> asked = new HashMap<>();
  private final Map<NodeAddress, ManagerNode> managers = new HashMap<>();
  private final Map<String, String> stored = new TreeMap<>();
  private final Random random = new Random(1);
  private int writes;

  // ---- processes

  private Disguise start(NodeAddress address) {
    MemoryHost host = cluster.startHost(address);
    host.setSkewMillis(RECORDED_MILLIS);
    Set<Integer> methods = new HashSet<>();
    asked.put(address, methods);
    return new Disguise(host, address, originals, methods::add);
  }

  /** Ends an original, which has been asked nothing that it does not know. */
  private void end(NodeAddress address) {
    assertThat(asked.get(address)).isNotEmpty().allMatch(id -> id < EXTENDED);
    cluster.kill(address);
  }

  private void startManager(NodeAddress address, NodeAddress partner) throws IOException {
    ManagerConfig config = ManagerConfig.of(address, partner);
    managers.put(address, ManagerNode.start(config, start(address), new Random(++writes)));
  }

  private void startServer(NodeAddress address) throws IOException {
    Disguise main = start(address);
    ServerNode node =
        new ServerNode(
            new ServerNode.Threads(main, cluster.host(address)),
            new MemoryStore(),
            OldRecords.LET_GO,
            MemoryCluster.serverConfig(address, M1, M2),
            RpcOptions.DEFAULT,
            new Random(++writes));
    node.start();
  }

  // ---- what an operator does, and sees

  private void order(Message message) {
    for (int i = 0; !cluster.ask(M1, message).equals("c0"); i++) {
      assertThat(i).as("orders of %s", message).isLessThan(60);
      cluster.runMillis(500);
    }
    awaitSettled();
  }

  private void awaitSettled() {
    for (int ms = 0; !isSettled(); ms += 100) {
      assertThat(ms).isLessThan(PATIENCE_MS);
      write();
      cluster.runMillis(100);
    }
    cluster.runMillis(2_000);
  }

  private boolean isSettled() {
    return managers.values().stream()
        .allMatch(
            manager ->
                !manager.control().table().spaces().rebalancing()
                    && manager.control().rebalance().director().phase() == RebalancePhase.IDLE);
  }

  private long active() {
    return managers.get(M1).control().table().spaces().write().nodes().stream()
        .filter(node -> node.active())
        .count();
  }

  // ---- what clients do, and see

  private String ask(String request) {
    StringBuilder reply = new StringBuilder(gateway.ask(request, 1));
    for (int ms = 0; ms < PATIENCE_MS && reply.length() == 0; ms++) {
      gateway.run(1);
      reply.append(gateway.replies());
    }
    return reply.toString();
  }

  /** Changes a key in some way, which succeeds. */
  private void write() {
    String key = "key" + random.nextInt(KEYS);
    String value = "value" + ++writes;
    String item = key + " 7 0 " + value.length() + "\r\n" + value + "\r\n";
    boolean there = stored.containsKey(key);
    switch (random.nextInt(4)) {
      case 0 -> {
        expect("delete " + key + "\r\n", there ? "DELETED" : "NOT_FOUND");
        stored.remove(key);
      }
      case 1 -> {
        expect("add " + item, there ? "NOT_STORED" : "STORED");
        stored.putIfAbsent(key, value);
      }
      default -> {
        expect("set " + item, "STORED");
        stored.put(key, value);
      }
    }
  }

  private void expect(String request, String reply) {
    assertThat(ask(request)).as(request).isEqualTo(reply + "\r\n");
  }

  private void everythingIsThere() {
    for (int i = 0; i < 50; i++) {
      write();
    }
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      String key = "key" + i;
      String value = stored.get(key);
      String found =
          value == null ? "" : "VALUE " + key + " 7 " + value.length() + "\r\n" + value + "\r\n";
      String reply = ask("get " + key + "\r\n");
      if (!reply.equals(found + "END\r\n")) {
        wrong.add(key + ": " + reply + " for " + value);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void fromOriginalsToOursWhileClientsWrite() throws IOException {
    gateway.setSkewMillis(RECORDED_MILLIS);
    anOriginalCluster();

    for (int number = 4; number <= 6; number++) {
      startServer(MemoryCluster.serverAddress(number));
      cluster.runMillis(3_000);
      order(new AttachNewServers(true, false));
      assertThat(active()).isEqualTo(number);
      everythingIsThere();
    }

    for (int number = 1; number <= 3; number++) {
      end(MemoryCluster.serverAddress(number));
      awaitActive(6 - number);
      order(new DetachFaultServers(true));
      everythingIsThere();
    }
    assertThat(asked.get(MemoryCluster.serverAddress(4))).doesNotContain(Method.MUTATE.id());

    swapManager(M2, M1);
    swapManager(M1, M2);
    assertThat(asked.get(MemoryCluster.serverAddress(4))).contains(Method.MUTATE.id());
  }

  private void anOriginalCluster() throws IOException {
    originals.addAll(List.of(M1, M2));
    startManager(M1, M2);
    startManager(M2, M1);
    for (int number = 1; number <= 3; number++) {
      originals.add(MemoryCluster.serverAddress(number));
      startServer(MemoryCluster.serverAddress(number));
    }
    gateway.askManager();
    cluster.runMillis(3_000);
    // Nobody can write yet.
    for (int i = 0; !cluster.ask(M1, new AttachNewServers(true, false)).equals("c0"); i++) {
      assertThat(i).isLessThan(60);
      cluster.runMillis(500);
    }
    cluster.runMillis(5_000);
    assertThat(active()).isEqualTo(3);
    everythingIsThere();
  }

  private void awaitActive(int servers) {
    for (int ms = 0; active() != servers; ms += 100) {
      assertThat(ms).isLessThan(PATIENCE_MS);
      write();
      cluster.runMillis(100);
    }
  }

  private void swapManager(NodeAddress address, NodeAddress partner) throws IOException {
    end(address);
    managers.remove(address);
    write();
    originals.remove(address);
    startManager(address, partner);
    cluster.runMillis(10_000);
    assertThat(managers.get(address).control().table().spaces().write().nodes())
        .isEqualTo(managers.get(partner).control().table().spaces().write().nodes());
    everythingIsThere();
  }
}
