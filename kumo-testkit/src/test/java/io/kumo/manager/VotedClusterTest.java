package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetNodesInfo;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.ServerNode;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.Rings;
import io.kumo.testkit.net.NetworkConditions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Managers and servers with records that decide by votes: what clients are told stays true. */
class VotedClusterTest {
  private final VotedCluster voted = new VotedCluster(2);
  private final MemoryCluster cluster = voted.cluster;

  @Test
  void whatIsStoredIsThereAndTheViewSaysThatNothingIsOpen() throws MalformedMessageException {
    voted.startAttached(3);
    voted.assertAllThere();
    assertThat(voted.newest().voters().members()).hasSize(5);
    assertThat(voted.newest().layout().spaces().rebalancing()).isFalse();
  }

  @Test
  void oneServerAfterTheOtherMayDieAllButOne() throws MalformedMessageException {
    voted.startAttached(3);
    cluster.kill(serverAddress(1));
    cluster.runMillis(1000);
    voted.set("key1", "second");
    cluster.kill(serverAddress(2));
    cluster.runMillis(1000);
    voted.set("key2", "third");
    voted.assertAllThere();
    voted.assertActive(serverAddress(3));
  }

  @Test
  void twoServersThatDieAtOnceAndReturnEmptyAreFilledAgain() throws MalformedMessageException {
    voted.startAttached(3);
    for (NodeAddress server : List.of(serverAddress(1), serverAddress(2))) {
      cluster.kill(server);
      cluster.dropStore(server);
    }
    voted.set("key3", "second");
    voted.start(serverAddress(1));
    voted.attach();
    voted.start(serverAddress(2));
    voted.attach();
    cluster.kill(serverAddress(3));
    cluster.runMillis(1000);
    voted.assertAllThere();
    voted.assertActive(serverAddress(1), serverAddress(2));
  }

  @Test
  void aManagerAndAServerMayDieTogetherAndReturnInEitherOrder() throws MalformedMessageException {
    voted.startAttached(3);
    for (boolean managerFirst : new boolean[] {true, false}) {
      cluster.kill(LOWER);
      cluster.kill(serverAddress(2));
      voted.set("key4", "second");
      if (managerFirst) {
        cluster.startManager(LOWER, UPPER);
        cluster.runMillis(500);
      }
      voted.start(serverAddress(2));
      if (!managerFirst) {
        cluster.runMillis(500);
        cluster.startManager(LOWER, UPPER);
      }
      cluster.runMillis(3000);
      voted.attach();
      voted.assertAllThere();
      voted.assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
    }
  }

  @Test
  void withoutManagersDataFlowsOn() throws MalformedMessageException {
    voted.startAttached(3);
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.runMillis(600_000);
    voted.set("key5", "second");
    voted.assertAllThere();
    cluster.startManager(UPPER, LOWER);
    cluster.runMillis(10_000);
    cluster.kill(serverAddress(1));
    voted.set("key6", "third");
    voted.assertAllThere();
  }

  @Test
  void everythingMayBeKilledAndStartedInAnyOrder() throws MalformedMessageException {
    voted.startAttached(3);
    List<NodeAddress> all =
        Arrays.asList(LOWER, UPPER, serverAddress(1), serverAddress(2), serverAddress(3));
    for (int turn = 0; turn < all.size(); turn++) {
      all.forEach(cluster::kill);
      Collections.rotate(all, 1);
      for (NodeAddress node : all) {
        if (node.equals(LOWER) || node.equals(UPPER)) {
          cluster.startManager(node, node.equals(LOWER) ? UPPER : LOWER);
        } else {
          voted.start(node);
        }
        cluster.runMillis(1700);
      }
      cluster.runMillis(5000);
      voted.set("key" + turn, "turn " + turn);
      voted.assertAllThere();
      voted.assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
    }
  }

  @Test
  void aServerThatStopsInOrderIsFaultBeforeItGoes() {
    voted.startAttached(3);
    ServerNode server = cluster.server(serverAddress(2));
    cluster.host(serverAddress(2)).enter(() -> server.stop());
    cluster.runMillis(300);
    assertThat(voted.write().isActive(serverAddress(2))).isFalse();
  }

  @Test
  void theClusterMovesToOtherManagers() throws MalformedMessageException {
    voted.startAttached(3);
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
    voted.assertActive(serverAddress(2), serverAddress(3));
    assertThat(voted.newest().electorate().managers()).containsExactly(third, fourth);
    assertThat(voted.newest().voters().find(third)).isPresent();
    voted.assertAllThere();
  }

  @Test
  void aManagerAtAnotherAddressTakesThePlaceOfOnesThatAreLost() throws MalformedMessageException {
    voted.startAttached(3);
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
    assertThat(voted.newest().electorate().managers()).containsExactly(third);
    voted.set("key7", "second");
    voted.assertAllThere();
    voted.assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
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
    voted.startAttached(3);
    cluster.network().setConditions(new Minority(List.of(LOWER, serverAddress(1))));
    cluster.runMillis(15_000);
    HashSpaces before = cluster.server(serverAddress(1)).spaces().current();
    for (int i = 0; i < VotedCluster.KEYS; i++) {
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
    voted.assertActive(serverAddress(2), serverAddress(3));
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(15_000);
    assertThat(cluster.spaces(LOWER)).isEqualTo(cluster.spaces(UPPER));
    voted.assertAllThere();
    voted.assertActive(serverAddress(1), serverAddress(2), serverAddress(3));
  }
}
