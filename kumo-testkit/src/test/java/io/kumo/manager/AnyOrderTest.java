package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The clusters that command lines of kumofs make, with one manager or two and one to three servers:
 * whatever is killed and started again, in whatever order, they are back without an operator.
 */
class AnyOrderTest {
  private static final int TRIES = 6;
  private static final int MAX_PAUSE_MS = 4000;
  private static final int BACK_AFTER_MS = 10_000;

  /** One cluster, and all of its nodes. */
  private static final class Nodes {
    final VotedCluster voted;
    final List<NodeAddress> managers;
    final NodeAddress[] servers;
    private int written;

    Nodes(int managers, int servers) {
      this.voted = new VotedCluster(managers);
      this.managers = managers == 1 ? List.of(LOWER) : List.of(LOWER, UPPER);
      this.servers = new NodeAddress[servers];
      for (int i = 0; i < servers; i++) {
        this.servers[i] = serverAddress(i + 1);
      }
      voted.startAttached(servers);
    }

    List<NodeAddress> all() {
      List<NodeAddress> all = new ArrayList<>(managers);
      all.addAll(List.of(servers));
      return all;
    }

    void pause(Draw draw) {
      voted.cluster.runMillis(draw.between(0, MAX_PAUSE_MS));
    }

    /** In an order that is drawn. */
    void start(List<NodeAddress> killed, Draw draw) {
      List<NodeAddress> left = new ArrayList<>(killed);
      while (!left.isEmpty()) {
        voted.start(left.remove(draw.between(0, left.size() - 1)));
        pause(draw);
      }
    }

    /** Reads and writes what there is to be. */
    void assertBack() throws MalformedMessageException {
      voted.cluster.runMillis(BACK_AFTER_MS);
      voted.assertActive(servers);
      voted.assertAllThere();
      voted.set("key" + written, "value " + written++);
      voted.assertAllThere();
    }
  }

  @ParameterizedTest(name = "{0} managers, {1} servers")
  @CsvSource({"1, 1", "1, 2", "1, 3", "2, 1", "2, 2", "2, 3"})
  void aManagerIsRestarted(int managers, int servers) throws Exception {
    Nodes nodes = new Nodes(managers, servers);
    for (NodeAddress manager : nodes.managers) {
      nodes.voted.kill(manager);
      nodes.voted.cluster.runMillis(3000);
      nodes.voted.set("key1", "while " + manager + " is away");
      nodes.voted.start(manager);
      nodes.assertBack();
    }
  }

  @ParameterizedTest(name = "{0} managers, {1} servers")
  @CsvSource({"1, 1", "1, 2", "1, 3", "2, 1", "2, 2", "2, 3"})
  void allManagersAreRestartedInAnyOrder(int managers, int servers) {
    Tries.of(
        TRIES,
        draw -> {
          Nodes nodes = new Nodes(managers, servers);
          nodes.voted.kill(nodes.managers.toArray(NodeAddress[]::new));
          nodes.pause(draw);
          nodes.voted.set("key2", "without managers");
          nodes.start(nodes.managers, draw);
          nodes.assertBack();
        });
  }

  @ParameterizedTest(name = "{0} managers, {1} servers")
  @CsvSource({"1, 1", "1, 2", "1, 3", "2, 1", "2, 2", "2, 3"})
  void everythingIsKilledAndStartedInAnyOrder(int managers, int servers) {
    Tries.of(
        TRIES,
        draw -> {
          Nodes nodes = new Nodes(managers, servers);
          nodes.voted.kill(nodes.all().toArray(NodeAddress[]::new));
          nodes.pause(draw);
          nodes.start(nodes.all(), draw);
          nodes.assertBack();
          assertThat(nodes.voted.newest().settings().votes()).isTrue();
        });
  }
}
