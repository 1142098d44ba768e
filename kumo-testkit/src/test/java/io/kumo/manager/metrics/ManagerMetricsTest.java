package io.kumo.manager.metrics;

import static io.kumo.manager.metrics.ManagerMetric.ACTIVE_SERVERS;
import static io.kumo.manager.metrics.ManagerMetric.ATTACHED_SERVERS;
import static io.kumo.manager.metrics.ManagerMetric.CONNECTED_SERVERS;
import static io.kumo.manager.metrics.ManagerMetric.DIRECTING;
import static io.kumo.manager.metrics.ManagerMetric.DOUBTING;
import static io.kumo.manager.metrics.ManagerMetric.FAULT_SERVERS;
import static io.kumo.manager.metrics.ManagerMetric.NEW_SERVERS;
import static io.kumo.manager.metrics.ManagerMetric.PARTNER_CONNECTED;
import static io.kumo.manager.metrics.ManagerMetric.PARTNER_SYNCED;
import static io.kumo.manager.metrics.ManagerMetric.READ_CLOCK_TIME;
import static io.kumo.manager.metrics.ManagerMetric.REBALANCE_PHASE;
import static io.kumo.manager.metrics.ManagerMetric.REBALANCE_WAITING_SERVERS;
import static io.kumo.manager.metrics.ManagerMetric.WRITE_CLOCK_TIME;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.cluster.MemoryCluster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagerMetricsTest {
  private static final long SETTLE_MS = 8000;
  private static final NodeAddress FIRST = serverAddress(1);
  private static final NodeAddress SECOND = serverAddress(2);

  private final MemoryCluster cluster = new MemoryCluster();

  @BeforeEach
  void startPairWithTwoServers() {
    cluster.startPair();
    cluster.startMember(FIRST);
    cluster.startMember(SECOND);
    cluster.runMillis(SETTLE_MS);
  }

  private void attach() {
    assertThat(cluster.ask(LOWER, new AttachNewServers(true, false))).isEqualTo("c0");
    cluster.runMillis(SETTLE_MS);
  }

  private long shown(NodeAddress manager, ManagerMetric metric) {
    return cluster.manager(manager).measurements().stream()
        .filter(measurement -> measurement.name().equals(metric.metricName()))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void serversAreNewUntilTheyAreAttached() {
    assertThat(shown(LOWER, CONNECTED_SERVERS)).isEqualTo(2);
    assertThat(shown(LOWER, NEW_SERVERS)).isEqualTo(2);
    assertThat(shown(LOWER, ATTACHED_SERVERS)).isZero();
    attach();
    assertThat(shown(LOWER, NEW_SERVERS)).isZero();
    assertThat(shown(LOWER, ATTACHED_SERVERS)).isEqualTo(2);
    assertThat(shown(LOWER, ACTIVE_SERVERS)).isEqualTo(2);
  }

  @Test
  void aServerThatIsLostCountsAsFaultAtBothManagers() {
    attach();
    cluster.kill(SECOND);
    cluster.runMillis(SETTLE_MS);
    for (NodeAddress manager : new NodeAddress[] {LOWER, UPPER}) {
      assertThat(shown(manager, ATTACHED_SERVERS)).isEqualTo(2);
      assertThat(shown(manager, ACTIVE_SERVERS)).isEqualTo(1);
      assertThat(shown(manager, FAULT_SERVERS)).isEqualTo(1);
      assertThat(shown(manager, CONNECTED_SERVERS)).isEqualTo(1);
    }
  }

  @Test
  void oneOfThePairDirectsAndTheOtherTakesOver() {
    attach();
    assertThat(shown(LOWER, DIRECTING)).isEqualTo(1);
    assertThat(shown(UPPER, DIRECTING)).isZero();
    assertThat(shown(UPPER, PARTNER_SYNCED)).isEqualTo(1);
    cluster.kill(LOWER);
    cluster.runMillis(2 * SETTLE_MS);
    assertThat(shown(UPPER, PARTNER_CONNECTED)).isZero();
    assertThat(shown(UPPER, PARTNER_SYNCED)).isZero();
    assertThat(shown(UPPER, DIRECTING)).isEqualTo(1);
  }

  @Test
  void clockTimesAreThoseOfTheHashSpaces() {
    attach();
    long write = cluster.spaces(LOWER).write().clockTime();
    assertThat(shown(LOWER, WRITE_CLOCK_TIME)).isEqualTo(write).isPositive();
    assertThat(shown(LOWER, READ_CLOCK_TIME)).isEqualTo(write);
    assertThat(shown(UPPER, WRITE_CLOCK_TIME)).isEqualTo(write);
  }

  @Test
  void aRebalanceIsInACopyPhaseWhileAServerCopies() {
    cluster.member(SECOND).setEndsPhases(false);
    attach();
    assertThat(shown(LOWER, REBALANCE_PHASE)).isEqualTo(3);
    assertThat(shown(LOWER, REBALANCE_WAITING_SERVERS)).isEqualTo(1);
    assertThat(shown(LOWER, READ_CLOCK_TIME)).isNotEqualTo(shown(LOWER, WRITE_CLOCK_TIME));
    cluster.member(SECOND).setEndsPhases(true);
    cluster.member(SECOND).endPhases();
    cluster.runMillis(SETTLE_MS);
    assertThat(shown(LOWER, REBALANCE_PHASE)).isZero();
    assertThat(shown(LOWER, REBALANCE_WAITING_SERVERS)).isZero();
  }

  @Test
  void aManagerThatHearsNobodyDoubtsItself() {
    attach();
    assertThat(shown(LOWER, DOUBTING)).isZero();
    for (NodeAddress other : new NodeAddress[] {UPPER, FIRST, SECOND}) {
      cluster.host(other).pause();
    }
    cluster.runMillis(SETTLE_MS);
    assertThat(shown(LOWER, DOUBTING)).isEqualTo(1);
    assertThat(shown(LOWER, DIRECTING)).isZero();
  }
}
