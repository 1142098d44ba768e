package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.testkit.cluster.MemoryCluster;
import org.junit.jupiter.api.Test;

class SkewedServerTest {
  private static final AttachNewServers ATTACH = new AttachNewServers(true, false);

  private final MemoryCluster cluster = new MemoryCluster();

  private boolean isActive(int port) {
    return cluster.spaces(LOWER).write().isActive(node(port));
  }

  @Test
  void aServerWhoseClockIsOffIsNotMadeActiveUntilItIsSetRight() {
    cluster.startManager(LOWER, null);
    cluster.startMember(node(3));
    cluster.startMember(node(4));
    cluster.startMember(node(5));
    cluster.host(node(4)).setSkewMillis(6_000);
    cluster.host(node(5)).setSkewMillis(-6_000);
    cluster.runMillis(5000);
    cluster.ask(LOWER, ATTACH);
    assertThat(isActive(3)).isTrue();
    assertThat(isActive(4)).isFalse();
    assertThat(isActive(5)).isFalse();
    cluster.host(node(4)).setSkewMillis(4_000);
    cluster.host(node(5)).setSkewMillis(0);
    cluster.runMillis(5000);
    cluster.ask(LOWER, ATTACH);
    assertThat(isActive(4)).isTrue();
    assertThat(isActive(5)).isTrue();
  }

  @Test
  void aPauseOfAllIsNoSkew() {
    cluster.startManager(LOWER, null);
    cluster.startMember(node(3));
    cluster.runMillis(5000);
    for (long ms = 1_000; ms < 40_000; ms += 3_000) {
      cluster.host(LOWER).pause();
      cluster.host(node(3)).pause();
      cluster.runMillis(ms);
      cluster.host(node(3)).resume();
      cluster.host(LOWER).resume();
      cluster.runMillis(100);
      assertThat(cluster.manager(LOWER).control().membership().clocks().isSkewed(node(3)))
          .isFalse();
    }
  }
}
