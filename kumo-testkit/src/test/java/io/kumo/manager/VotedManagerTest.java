package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.fake.FakeMember;
import io.kumo.testkit.net.NetworkConditions;
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

  /** Whom a partition keeps apart: nodes of different sides hear nothing of each other. */
  private record Sides(List<List<NodeAddress>> sides) implements NetworkConditions {
    @SafeVarargs
    @SuppressWarnings("varargs")
    static Sides of(List<NodeAddress>... sides) {
      return new Sides(List.of(sides));
    }

    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return NetworkConditions.FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      return side(from) == side(to);
    }

    private int side(NodeAddress node) {
      for (int i = 0; i < sides.size(); i++) {
        if (sides.get(i).contains(node)) {
          return i;
        }
      }
      return -1;
    }
  }

  @Test
  void nobodyNoticesAManagerThatIsCutOffAndComesBack() {
    startAttached(11, 12, 13);
    ClusterView before = view(11);
    cluster.network().setConditions(Sides.of(List.of(UPPER)));
    cluster.runMillis(9000);
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(10_000);
    assertThat(view(11).term()).isEqualTo(before.term());
    assertThat(view(11).layout()).isEqualTo(before.layout());
    assertThat(view(11).voters()).isEqualTo(before.voters());
    assertThat(cluster.spaces(UPPER)).isEqualTo(spaces(11));
  }

  @Test
  void serversThatLoseBothManagersForAWhileStayActive() {
    startAttached(11, 12, 13);
    ClusterView before = view(11);
    cluster.network().setConditions(Sides.of(List.of(LOWER), List.of(UPPER)));
    cluster.runMillis(15_000);
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(15_000);
    assertThat(view(11).layout()).isEqualTo(before.layout());
    assertThat(cluster.spaces(LOWER)).isEqualTo(spaces(11));
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo("c0");
  }

  @Test
  void ofTwoHalvesTheOneWithTheFirstManagerDecides() {
    startAttached(11, 12, 13, 14);
    List<NodeAddress> lost = List.of(UPPER, server(13), server(14));
    cluster.network().setConditions(Sides.of(lost));
    cluster.runMillis(15_000);
    assertThat(isActive(spaces(11), 13)).isFalse();
    assertThat(isActive(spaces(11), 12)).isTrue();
    assertThat(isActive(spaces(13), 11)).isTrue();
    assertThat(isActive(cluster.spaces(UPPER), 11)).isTrue();
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(15_000);
    assertThat(view(13)).isEqualTo(view(11));
    assertThat(isActive(spaces(11), 11)).isTrue();
    assertThat(isActive(spaces(11), 12)).isTrue();
    assertThat(cluster.spaces(UPPER)).isEqualTo(spaces(11));
  }

  private void killAll(int... servers) {
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    for (int last : servers) {
      cluster.kill(server(last));
    }
  }

  @Test
  void everythingMayBeKilledAndStartedInAnyOrder() {
    startAttached(11, 12, 13);
    long cluster1 = view(11).cluster().id();
    killAll(11, 12, 13);
    cluster.startMember(server(12));
    cluster.runMillis(4000);
    cluster.startManager(UPPER, LOWER);
    cluster.runMillis(4000);
    cluster.startMember(server(13));
    cluster.runMillis(1000);
    cluster.startMember(server(11));
    cluster.runMillis(1000);
    cluster.startManager(LOWER, UPPER);
    cluster.runMillis(30_000);
    assertThat(view(11).cluster().id()).isEqualTo(cluster1);
    for (int last : new int[] {11, 12, 13}) {
      assertThat(isActive(spaces(11), last)).isTrue();
    }
    assertThat(cluster.spaces(LOWER)).isEqualTo(spaces(11));
    assertThat(cluster.spaces(UPPER)).isEqualTo(spaces(11));
  }

  @Test
  void aManagerThatHasLostItsStateLearnsAllFromTheServers() {
    cluster.startManager(LOWER, null);
    startMembers(11, 12);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo("c0");
    cluster.runMillis(2000);
    ClusterView before = view(11);
    cluster.kill(LOWER);
    cluster.vote(LOWER).lose();
    cluster.startManager(LOWER, null);
    cluster.runMillis(10_000);
    assertThat(view(11).layout().spaces()).isEqualTo(before.layout().spaces());
    assertThat(view(11).cluster()).isEqualTo(before.cluster());
    assertThat(view(11).voters().members()).hasSize(3);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo("c0");
  }

  private void startMembers(int... servers) {
    for (int last : servers) {
      cluster.startMember(server(last));
    }
    cluster.runMillis(3000);
  }

  @Test
  void aClusterOfWhichAllServersHaveLostTheirVotesIsFoundedAnew() {
    startAttached(11, 12);
    long id = view(11).cluster().id();
    killAll(11, 12);
    cluster.vote(server(11)).lose();
    cluster.vote(server(12)).lose();
    cluster.startPair();
    startMembers(11, 12);
    cluster.runMillis(10_000);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo("c0");
    cluster.runMillis(1000);
    assertThat(view(11).cluster().parent()).isEqualTo(id);
    assertThat(view(12).layout().spaces().write().nodes()).hasSize(2);
  }

  @Test
  void withoutThePartnerTheFirstAttachHasToSaySo() {
    cluster.startManager(LOWER, UPPER);
    startMembers(11, 12, 13);
    cluster.runMillis(8000);
    assertThat(cluster.ask(LOWER, ATTACH)).contains("--alone");
    assertThat(view(11).isNone()).isTrue();
    assertThat(cluster.ask(LOWER, new AttachNewServers(true, false, true, 0))).isEqualTo("c0");
    cluster.runMillis(1000);
    assertThat(view(11).electorate().managers()).containsExactly(LOWER);
    cluster.startManager(UPPER, LOWER);
    cluster.runMillis(5000);
    assertThat(view(11).electorate().managers()).containsExactly(LOWER, UPPER);
    assertThat(view(11).voters().find(UPPER)).isPresent();
    cluster.kill(LOWER);
    cluster.runMillis(8000);
    cluster.kill(server(12));
    cluster.runMillis(2000);
    assertThat(isActive(spaces(11), 12)).isFalse();
  }

  @Test
  void aServerOfAnotherClusterIsRefusedByName() {
    startAttached(11, 12);
    MemoryCluster other = new MemoryCluster().keepVotes();
    other.startMember(server(13));
    other.startManager(LOWER, null);
    other.runMillis(3000);
    assertThat(other.ask(LOWER, ATTACH)).isEqualTo("c0");
    other.runMillis(1000);
    cluster.vote(server(13)).takeOver(other.vote(server(13)));
    startMembers(13, 14);
    assertThat(cluster.ask(LOWER, ATTACH)).contains(server(13).toString()).contains("another");
    cluster.runMillis(1000);
    assertThat(isActive(spaces(11), 13)).isFalse();
    assertThat(isActive(spaces(11), 14)).isTrue();
  }

  @Test
  void aReplaceGoesOnUnderTheOtherManagerInThePhaseThatItHadReached() {
    startAttached(11, 12, 13);
    for (FakeMember member : cluster.members()) {
      member.asked().clear();
    }
    cluster.member(server(12)).setEndsPhases(false);
    cluster.ask(LOWER, new StartReplace(false));
    cluster.runMillis(500);
    cluster.member(server(12)).endPhases();
    cluster.runMillis(500);
    assertThat(view(11).layout().rebalance().phase()).isEqualTo(OpenRebalance.Phase.DELETING);
    cluster.kill(LOWER);
    cluster.runMillis(8000);
    cluster.member(server(12)).setEndsPhases(true);
    cluster.member(server(12)).endPhases();
    cluster.runMillis(12_000);
    assertThat(view(11).layout().rebalance()).isEqualTo(OpenRebalance.NONE);
    assertThat(cluster.member(server(11)).asked()).containsOnlyOnce("copy").contains("delete");
  }

  @Test
  void aClusterThatRanWithoutVotesIsFoundedWhenAllKeepThem() {
    MemoryCluster old = new MemoryCluster();
    old.startPair();
    startLegacy(old, 11, 12);
    assertThat(old.ask(LOWER, ATTACH)).isEqualTo("c0");
    old.runMillis(2000);
    PublishedSpaces known = old.member(server(11)).view();
    old.keepVotes();
    restart(old, server(11), known);
    restart(old, server(12), known);
    old.ask(LOWER, ATTACH);
    old.runMillis(1000);
    assertThat(old.member(server(11)).voter().installed().isNone()).isTrue();
    old.kill(LOWER);
    old.runMillis(8000);
    old.startManager(LOWER, UPPER);
    old.runMillis(8000);
    assertThat(old.member(server(11)).voter().installed().isNone()).isTrue();
    old.kill(UPPER);
    old.runMillis(8000);
    old.startManager(UPPER, LOWER);
    old.runMillis(8000);
    ClusterView view = old.member(server(11)).voter().installed();
    assertThat(view.isNone()).isFalse();
    assertThat(view.layout().spaces().write().sameNodes(known.spaces().write())).isTrue();
    assertThat(old.member(server(12)).voter().installed()).isEqualTo(view);
  }

  private static void startLegacy(MemoryCluster old, int... servers) {
    for (int last : servers) {
      old.startMember(server(last));
    }
    old.runMillis(8000);
  }

  private static void restart(MemoryCluster old, NodeAddress server, PublishedSpaces known) {
    old.kill(server);
    old.runMillis(2000);
    old.startMember(server, known);
    old.runMillis(2000);
    old.ask(LOWER, ATTACH);
    old.runMillis(2000);
  }
}
