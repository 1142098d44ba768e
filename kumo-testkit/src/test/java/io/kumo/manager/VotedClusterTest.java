package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.extended.MutateResult;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.core.protocol.extended.Operation;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.server.ServerNode;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.cluster.Rings;
import io.kumo.testkit.net.NetworkConditions;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Managers and servers with records that decide by votes: what clients are told stays true. */
class VotedClusterTest {
  private static final int KEYS = 30;
  private static final int ATTEMPTS = 100;

  private final MemoryCluster cluster = new MemoryCluster().keepVotes();
  private final RecordClient client = new RecordClient(cluster);
  private final Map<String, String> stored = new TreeMap<>();

  private void start(NodeAddress server) {
    cluster.startServer(server, LOWER, UPPER);
  }

  private void startAttached(int servers) {
    cluster.startPair();
    for (int number = 1; number <= servers; number++) {
      start(serverAddress(number));
    }
    cluster.runMillis(5000);
    attach();
    for (int i = 0; i < KEYS; i++) {
      set("key" + i, "first");
    }
  }

  private void attach() {
    cluster.runMillis(3000);
    String answer = "";
    for (int i = 0; i < ATTEMPTS && !answer.equals("c0"); i++) {
      NodeAddress manager = cluster.host(LOWER).isAlive() ? LOWER : UPPER;
      answer = cluster.ask(manager, new AttachNewServers(true, false));
      cluster.runMillis(500);
    }
    assertThat(answer).isEqualTo("c0");
    cluster.runMillis(3000);
  }

  /** What the server that knows the newest view goes by. */
  private HashSpace write() {
    return newest().layout().spaces().write();
  }

  private ClusterView newest() {
    return cluster.servers().stream()
        .map(server -> server.requireVoter().installed())
        .max(Comparator.comparing(ClusterView::id))
        .orElseThrow();
  }

  private void set(String key, String value) {
    for (int i = 0; i < ATTEMPTS; i++) {
      NodeAddress to = Rings.coordinator(write(), key);
      if (isDone(cluster.call(to, RecordClient.mutation(Operation.SET, key, value)))) {
        stored.put(key, value);
        return;
      }
      cluster.runMillis(200);
    }
    throw new AssertionError("cannot write " + key + " by " + newest());
  }

  private static boolean isDone(CallResult answer) {
    try {
      return answer.error() == null
          && MutateResult.read(answer.result()).status() == MutateStatus.STORED;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private void assertAllThere() throws MalformedMessageException {
    for (Map.Entry<String, String> entry : stored.entrySet()) {
      assertThat(read(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
    }
  }

  private @Nullable String read(String key) throws MalformedMessageException {
    String value = "FAILED";
    for (int i = 0; i < ATTEMPTS && List.of("FAILED", "REFUSED").contains(value); i++) {
      NodeAddress to = Rings.coordinator(write(), key);
      value = cluster.host(to).isAlive() ? client.get(to, key) : value;
      if (value == null) {
        return null;
      }
      cluster.runMillis(value.equals("FAILED") || value.equals("REFUSED") ? 200 : 0);
    }
    return value;
  }

  private void assertActive(NodeAddress... servers) {
    assertThat(write().nodes().stream().filter(n -> n.active()).map(n -> n.address()))
        .containsExactlyInAnyOrder(servers);
  }

  @Test
  void whatIsStoredIsThereAndTheViewSaysThatNothingIsOpen() throws MalformedMessageException {
    startAttached(3);
    assertAllThere();
    assertThat(newest().voters().members()).hasSize(5);
    assertThat(newest().layout().spaces().rebalancing()).isFalse();
  }

  @Test
  void oneServerAfterTheOtherMayDieAllButOne() throws MalformedMessageException {
    startAttached(3);
    cluster.kill(serverAddress(1));
    cluster.runMillis(1000);
    set("key1", "second");
    cluster.kill(serverAddress(2));
    cluster.runMillis(1000);
    set("key2", "third");
    assertAllThere();
    assertActive(serverAddress(3));
  }

  @Test
  void twoServersThatDieAtOnceAndReturnEmptyAreFilledAgain() throws MalformedMessageException {
    startAttached(3);
    for (NodeAddress server : List.of(serverAddress(1), serverAddress(2))) {
      cluster.kill(server);
      cluster.dropStore(server);
    }
    set("key3", "second");
    start(serverAddress(1));
    attach();
    start(serverAddress(2));
    attach();
    cluster.kill(serverAddress(3));
    cluster.runMillis(1000);
    assertAllThere();
    assertActive(serverAddress(1), serverAddress(2));
  }

  @Test
  void aManagerAndAServerMayDieTogetherAndReturnInEitherOrder() throws MalformedMessageException {
    startAttached(3);
    for (boolean managerFirst : new boolean[] {true, false}) {
      cluster.kill(LOWER);
      cluster.kill(serverAddress(2));
      set("key4", "second");
      if (managerFirst) {
        cluster.startManager(LOWER, UPPER);
        cluster.runMillis(500);
      }
      start(serverAddress(2));
      if (!managerFirst) {
        cluster.runMillis(500);
        cluster.startManager(LOWER, UPPER);
      }
      cluster.runMillis(3000);
      attach();
      assertAllThere();
      assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
    }
  }

  @Test
  void withoutManagersDataFlowsOn() throws MalformedMessageException {
    startAttached(3);
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.runMillis(600_000);
    set("key5", "second");
    assertAllThere();
    cluster.startManager(UPPER, LOWER);
    cluster.runMillis(10_000);
    cluster.kill(serverAddress(1));
    set("key6", "third");
    assertAllThere();
  }

  @Test
  void everythingMayBeKilledAndStartedInAnyOrder() throws MalformedMessageException {
    startAttached(3);
    List<NodeAddress> all =
        Arrays.asList(LOWER, UPPER, serverAddress(1), serverAddress(2), serverAddress(3));
    for (int turn = 0; turn < all.size(); turn++) {
      all.forEach(cluster::kill);
      Collections.rotate(all, 1);
      for (NodeAddress node : all) {
        if (node.equals(LOWER) || node.equals(UPPER)) {
          cluster.startManager(node, node.equals(LOWER) ? UPPER : LOWER);
        } else {
          start(node);
        }
        cluster.runMillis(1700);
      }
      cluster.runMillis(5000);
      set("key" + turn, "turn " + turn);
      assertAllThere();
      assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
    }
  }

  @Test
  void aServerThatStopsInOrderIsFaultBeforeItGoes() {
    startAttached(3);
    ServerNode server = cluster.server(serverAddress(2));
    cluster.host(serverAddress(2)).enter(() -> server.stop());
    cluster.runMillis(300);
    assertThat(write().isActive(serverAddress(2))).isFalse();
  }

  @Test
  void theClusterMovesToOtherManagers() throws MalformedMessageException {
    startAttached(3);
    NodeAddress third = MemoryCluster.address(1, 19702);
    NodeAddress fourth = MemoryCluster.address(1, 19703);
    cluster.startManager(third, fourth);
    cluster.startManager(fourth, third);
    cluster.runMillis(3000);
    assertThat(cluster.ask(UPPER, new MoveManagers(List.of(third, fourth)))).isEqualTo("c0");
    cluster.runMillis(10_000);
    assertThat(cluster.ask(LOWER, new GetNodesInfo())).contains("follows the managers");
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.runMillis(5000);
    cluster.kill(serverAddress(1));
    cluster.runMillis(2000);
    assertActive(serverAddress(2), serverAddress(3));
    assertThat(newest().electorate().managers()).containsExactly(third, fourth);
    assertThat(newest().voters().find(third)).isPresent();
    assertAllThere();
  }

  @Test
  void aManagerAtAnotherAddressTakesThePlaceOfOnesThatAreLost() throws MalformedMessageException {
    startAttached(3);
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    NodeAddress third = MemoryCluster.address(1, 19702);
    cluster.startManager(third, null);
    for (int number = 1; number <= 3; number++) {
      cluster.kill(serverAddress(number));
      cluster.startServer(serverAddress(number), third);
    }
    cluster.runMillis(10_000);
    assertThat(cluster.ask(third, new AttachNewServers(true, false))).contains("no manager");
    assertThat(cluster.ask(third, new MoveManagers(List.of(third)))).isEqualTo("c0");
    cluster.runMillis(10_000);
    assertThat(newest().electorate().managers()).containsExactly(third);
    set("key7", "second");
    assertAllThere();
    assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
  }

  /** Whom a partition keeps apart. */
  private record Minority(List<NodeAddress> nodes) implements NetworkConditions {
    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return NetworkConditions.FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      return nodes.contains(from) == nodes.contains(to);
    }
  }

  @Test
  void aMinorityAnswersNothingAndTheOthersGoOn() throws MalformedMessageException {
    startAttached(3);
    cluster.network().setConditions(new Minority(List.of(LOWER, serverAddress(1))));
    cluster.runMillis(15_000);
    HashSpaces before = cluster.server(serverAddress(1)).spaces().current();
    for (int i = 0; i < KEYS; i++) {
      String key = "key" + i;
      if (Rings.coordinator(before.write(), key).equals(serverAddress(1))) {
        assertThat(
                cluster
                    .server(serverAddress(1))
                    .requireVoter()
                    .holder()
                    .hasLease(cluster.server(serverAddress(1)).requireVoter().clocks()))
            .isFalse();
      }
    }
    assertActive(serverAddress(2), serverAddress(3));
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(15_000);
    assertThat(cluster.spaces(LOWER)).isEqualTo(cluster.spaces(UPPER));
    assertActive(serverAddress(2), serverAddress(3));
    attach();
    assertAllThere();
    assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
  }
}
