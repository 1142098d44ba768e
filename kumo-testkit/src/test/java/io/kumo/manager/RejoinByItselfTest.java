package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.desk.ChangeConfig;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.metrics.ManagerMetric;
import io.kumo.testkit.net.NetworkConditions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Real managers and servers in memory: who is back takes part again, and when. */
class RejoinByItselfTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);

  private final VotedCluster cluster = new VotedCluster(2);

  /** Nobody hears anything of it, and it of nobody. */
  private record Alone(NodeAddress server) implements NetworkConditions {
    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      return from.equals(server) == to.equals(server);
    }
  }

  @Test
  void oneThatWasCutOffRejoinsAtOnceAndHasEverything() throws Exception {
    cluster.startAttached(3);
    cluster.cluster.network().setConditions(new Alone(C));
    cluster.cluster.runMillis(10_000);
    cluster.assertActive(A, B);
    cluster.set("key1", "while it was away");
    cluster.cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.cluster.runMillis(8_000);
    cluster.assertActive(A, B, C);
    cluster.kill(A, B);
    cluster.cluster.runMillis(15_000);
    cluster.assertAllThere();
  }

  @Test
  void oneThatWasStartedAnewRejoinsHalfAMinuteLater() throws Exception {
    cluster.startAttached(3);
    cluster.kill(C);
    cluster.cluster.runMillis(10_000);
    cluster.assertActive(A, B);
    cluster.set("key1", "while it was away");
    cluster.start(C);
    cluster.cluster.runMillis(25_000);
    cluster.assertActive(A, B);
    assertThat(metric(ManagerMetric.REJOIN_WAITING_SERVERS)).isOne();
    cluster.cluster.runMillis(10_000);
    cluster.assertActive(A, B, C);
    assertThat(metric(ManagerMetric.REJOINS)).isOne();
    cluster.kill(A, B);
    cluster.cluster.runMillis(15_000);
    cluster.assertAllThere();
  }

  private long metric(ManagerMetric metric) {
    return cluster.cluster.manager(LOWER).control().metrics().get(metric);
  }

  @Test
  void howLongThatTakesIsChangedWhileManagersRun() {
    cluster.startAttached(3);
    cluster.kill(C);
    cluster.cluster.runMillis(10_000);
    assertThat(change(-1)).isEqualTo("c3");
    cluster.start(C);
    cluster.cluster.runMillis(60_000);
    cluster.assertActive(A, B);
    assertThat(change(1_000_000_000)).isEqualTo("c3");
    cluster.cluster.runMillis(5_000);
    cluster.assertActive(A, B, C);
  }

  private String change(long rejoinNs) {
    return cluster.cluster.ask(LOWER, new ChangeConfig(NodeSetting.REJOIN_AFTER, rejoinNs));
  }

  @Test
  void oneWhoseDiskIsAnotherWaitsForAnOperator() throws Exception {
    cluster.startAttached(3);
    cluster.kill(C);
    cluster.cluster.dropStore(C);
    cluster.cluster.runMillis(5_000);
    cluster.start(C);
    cluster.cluster.runMillis(45_000);
    cluster.assertActive(A, B);
    cluster.attach();
    cluster.assertActive(A, B, C);
  }

  @Test
  void withNeverAllWaitForAnOperator() throws Exception {
    start(LOWER, UPPER);
    start(UPPER, LOWER);
    List.of(A, B, C).forEach(cluster::start);
    cluster.cluster.runMillis(5_000);
    cluster.attach();
    cluster.kill(C);
    cluster.cluster.runMillis(5_000);
    cluster.start(C);
    cluster.cluster.runMillis(60_000);
    cluster.assertActive(A, B);
    assertThat(cluster.cluster.ask(LOWER, new AttachNewServers(true, false))).isEqualTo("c0");
    cluster.cluster.runMillis(3_000);
    cluster.assertActive(A, B, C);
  }

  private void start(NodeAddress manager, @Nullable NodeAddress partner) {
    cluster.cluster.startManager(ManagerConfig.of(manager, partner).withRejoinAfter(null));
  }

  @Test
  void oneThatStopsInOrderIsNotTakenForOneThatIsBack() {
    cluster.startAttached(3);
    cluster.cluster.server(C).stop();
    cluster.cluster.runMillis(900);
    cluster.assertActive(A, B);
    cluster.cluster.runMillis(5_000);
    cluster.assertActive(A, B);
  }
}
