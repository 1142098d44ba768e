package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.fake.FakeMember;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Managers that decide by votes, and servers that vote and have no records. */
class VotedManagerTest {
  private static final Message ATTACH = new AttachNewServers(true, false);

  private final MemoryCluster cluster = new MemoryCluster().keepVotes();

  private static NodeAddress server(int last) {
    return MemoryCluster.address(last, 19800);
  }

  private void startAttached(int... servers) {
    cluster.startPair();
    for (int last : servers) {
      cluster.startMember(server(last));
    }
    cluster.runMillis(3000);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo("c0");
    cluster.runMillis(2000);
  }

  private ClusterView view(int server) {
    return cluster.member(server(server)).voter().installed();
  }

  private HashSpaces spaces(int server) {
    return cluster.member(server(server)).spaces();
  }

  private static boolean isActive(HashSpaces spaces, int server) {
    return spaces.write().isActive(server(server));
  }

  @Test
  void theFirstAttachMakesAViewThatBothManagersAndAllServersGoBy() {
    startAttached(11, 12, 13);
    ClusterView view = view(11);
    assertThat(view.isNone()).isFalse();
    assertThat(view.cluster().id()).isNotZero();
    assertThat(view.electorate().managers()).containsExactly(LOWER, UPPER);
    assertThat(view.voters().members()).hasSize(5);
    assertThat(view.voters().tieBreaker()).isEqualTo(LOWER);
    assertThat(List.of(view(12), view(13))).containsOnly(view);
    for (FakeMember member : cluster.members()) {
      assertThat(member.spaces().rebalancing()).isFalse();
      assertThat(member.asked()).contains("copy", "delete");
    }
    assertThat(view.layout().settledTime()).isEqualTo(view.layout().spaces().write().clockTime());
    assertThat(cluster.spaces(UPPER)).isEqualTo(view.layout().spaces());
  }

  @Test
  void aKilledServerIsMarkedFaultByAViewAndVotesNoMore() {
    startAttached(11, 12, 13);
    cluster.kill(server(13));
    cluster.runMillis(1500);
    assertThat(isActive(spaces(11), 13)).isFalse();
    assertThat(view(11).voters().find(server(13))).isEmpty();
    assertThat(view(11).voters().members()).hasSize(3);
  }

  @Test
  void theOtherManagerDirectsWhenTheFirstDiesAndGoesOnWhenItReturns() {
    startAttached(11, 12, 13);
    long term = view(11).term();
    cluster.kill(LOWER);
    cluster.runMillis(5000);
    assertThat(view(11).term()).isGreaterThan(term);
    cluster.kill(server(13));
    cluster.runMillis(2000);
    assertThat(isActive(spaces(11), 13)).isFalse();
    cluster.startManager(LOWER, UPPER);
    cluster.runMillis(5000);
    long now = view(11).term();
    assertThat(cluster.ask(LOWER, new DetachFaultServers(true))).isEqualTo("c0");
    cluster.runMillis(2000);
    assertThat(view(11).term()).isEqualTo(now);
    assertThat(spaces(11).write().find(server(13))).isEmpty();
    assertThat(view(11).voters().members()).hasSize(3);
  }
}
