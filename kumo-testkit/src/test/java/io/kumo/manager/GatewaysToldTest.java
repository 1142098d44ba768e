package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.net.NetworkConditions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gateways of a cluster without votes never go back, so they hear only of what servers have. */
class GatewaysToldTest {
  private static final List<NodeAddress> CUT_OFF = List.of(node(4), node(5));

  private final MemoryCluster cluster = new MemoryCluster();

  /** Servers 4 and 5 hear nobody. */
  private static final class Cut implements NetworkConditions {
    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      return !CUT_OFF.contains(from) && !CUT_OFF.contains(to);
    }
  }

  private String answerToGateway() {
    return cluster.ask(LOWER, HashSpaceRequest.ours());
  }

  @Test
  void aGatewayIsShownNothingThatNoServerHasTaken() {
    cluster.startPair();
    List.of(node(3), node(4), node(5)).forEach(cluster::startMember);
    cluster.runMillis(8000);
    cluster.ask(LOWER, new AttachNewServers(true, false));
    cluster.runMillis(1000);
    String before = answerToGateway();
    cluster.network().setConditions(new Cut());
    cluster.kill(node(3));
    cluster.runMillis(2500);
    assertThat(cluster.spaces(LOWER).write().isActive(node(3))).isFalse();
    assertThat(answerToGateway()).isEqualTo(before);
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(5000);
    assertThat(answerToGateway()).isNotEqualTo(before);
  }
}
