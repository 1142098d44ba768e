package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.metrics.ManagerMetric;
import io.kumo.testkit.net.NetworkConditions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real managers and servers in memory: who lives but keeps writes from being done is taken out. */
class SickServersTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);

  private final VotedCluster cluster = new VotedCluster(2);

  /** Nothing passes between one of some servers and one of others. */
  private record Apart(List<NodeAddress> some, List<NodeAddress> others)
      implements NetworkConditions {
    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      boolean there = some.contains(from) && others.contains(to);
      boolean back = some.contains(to) && others.contains(from);
      return !there && !back;
    }
  }

  @BeforeEach
  void start() {
    cluster.startAttached(3);
  }

  private void cut(List<NodeAddress> some, List<NodeAddress> others) {
    cluster.cluster.network().setConditions(new Apart(some, others));
  }

  private void heal() {
    cluster.cluster.network().setConditions(NetworkConditions.FAIR);
  }

  private long sick() {
    return cluster.cluster.manager(LOWER).control().metrics().get(ManagerMetric.SICK_SERVERS);
  }

  private void writeAll(String value) {
    for (int i = 0; i < VotedCluster.KEYS; i++) {
      cluster.set("key" + i, value);
    }
  }

  @Test
  void ofTwoThatCannotReachEachOtherOneIsTakenOutUntilTheyCan() throws Exception {
    cut(List.of(A), List.of(B));
    cluster.cluster.runMillis(12_000);
    cluster.assertActive(A, C);
    assertThat(sick()).isOne();
    writeAll("while they were apart");
    cluster.cluster.runMillis(60_000);
    cluster.assertActive(A, C);
    heal();
    cluster.cluster.runMillis(8_000);
    cluster.assertActive(A, B, C);
    cluster.kill(A, C);
    cluster.cluster.runMillis(15_000);
    cluster.assertAllThere();
  }

  @Test
  void oneThatReachesNoOtherServerIsTheOneToGo() {
    cut(List.of(A), List.of(B, C));
    cluster.cluster.runMillis(12_000);
    cluster.assertActive(B, C);
    writeAll("without it");
    heal();
    cluster.cluster.runMillis(8_000);
    cluster.assertActive(A, B, C);
  }

  @Test
  void oneThatPausedIsNoReasonToTakeAnotherOut() {
    cluster.cluster.host(A).pause();
    cluster.cluster.runMillis(5_000);
    cluster.cluster.host(A).resume();
    cluster.cluster.runMillis(20_000);
    cluster.assertActive(A, B, C);
  }

  @Test
  void oneWhoseDiskIsFullIsTakenOutUntilThereIsRoom() throws Exception {
    cluster.cluster.store(C).setFull(true);
    cluster.cluster.runMillis(8_000);
    cluster.assertActive(A, B, C);
    cluster.cluster.runMillis(8_000);
    cluster.assertActive(A, B);
    assertThat(sick()).isOne();
    assertThat(state(C)).isEqualTo("full");
    assertThat(state(A)).isEqualTo("serving");
    writeAll("without room there");
    cluster.cluster.runMillis(45_000);
    cluster.assertActive(A, B);
    cluster.cluster.store(C).setFull(false);
    cluster.cluster.runMillis(8_000);
    cluster.assertActive(A, B, C);
    assertThat(sick()).isZero();
    cluster.kill(A, B);
    cluster.cluster.runMillis(15_000);
    cluster.assertAllThere();
  }

  private String state(NodeAddress server) throws Exception {
    return NodeStatus.read(cluster.cluster.call(server, new GetNodeStatus()).result()).state();
  }

  @Test
  void theLastOneWithRecordsStaysThoughItsDiskIsFull() {
    for (NodeAddress server : List.of(A, B, C)) {
      cluster.cluster.store(server).setFull(true);
    }
    cluster.cluster.runMillis(60_000);
    assertThat(cluster.write().nodes().stream().filter(node -> node.active())).hasSize(1);
    assertThat(cluster.cluster.spaces(LOWER).read().isEmpty()).isFalse();
  }
}
