package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.fake.FakeMember;
import io.kumo.testkit.net.NetworkConditions;
import org.junit.jupiter.api.Test;

/** Managers that start, restart and return: what they wait for, and whom they believe. */
class ManagerStartTest extends ManagedMembers {
  @Test
  void theUpperManagerTakesOverWhenTheLowerDiesAndGivesBackWhenItReturns() {
    startAttached(3, 4, 5);
    cluster.kill(LOWER);
    cluster.runMillis(8000);
    assertThat(cluster.manager(UPPER).control().membership().direction().mayDecide()).isTrue();
    cluster.kill(node(4));
    cluster.runMillis(3000);
    assertThat(cluster.spaces(UPPER).write().isActive(node(4))).isFalse();
    assertThat(cluster.spaces(UPPER).write().clockTime() & 1).isOne();
    cluster.startManager(LOWER, UPPER);
    cluster.runMillis(8000);
    assertThat(cluster.manager(LOWER).control().membership().direction().mayDecide()).isTrue();
    assertThat(cluster.manager(UPPER).control().membership().direction().mayDecide()).isFalse();
    assertThat(cluster.ask(UPPER, DETACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
    assertThat(write().nodes()).hasSize(2);
    assertAllAgree();
  }

  @Test
  void aManagerWithoutAPartnersStateWaitsForEveryServerOfTheNewestHashSpace() {
    startAttached(3, 4, 5);
    PublishedSpaces known = cluster.member(node(3)).view();
    for (int port : new int[] {3, 4, 5}) {
      cluster.kill(node(port));
    }
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.startPair();
    cluster.startMember(node(3), known);
    cluster.startMember(node(4), known);
    cluster.runMillis(30_000);
    assertThat(write().nodes()).isEmpty();
    assertThat(cluster.ask(LOWER, ATTACH)).contains("waiting for servers", "127.0.0.1:5");
    assertThat(write().nodes()).isEmpty();
    cluster.startMember(node(5), known);
    cluster.runMillis(3000);
    assertThat(write().nodes()).hasSize(3);
    assertThat(cluster.manager(LOWER).control().table().newcomers()).isEmpty();
    assertAllAgree();
  }

  @Test
  void forceOverridesTheWaitAndMarksTheMissingServersFault() {
    startAttached(3, 4, 5);
    PublishedSpaces known = cluster.member(node(3)).view();
    cluster.kill(node(5));
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.startPair();
    cluster.runMillis(10_000);
    assertThat(cluster.ask(LOWER, new AttachNewServers(true, true))).isEqualTo(NIL);
    cluster.runMillis(10_000);
    assertThat(write().nodes()).hasSameSizeAs(known.spaces().write().nodes());
    assertThat(write().isActive(node(5))).isFalse();
    assertThat(write().isActive(node(3))).isTrue();
  }

  @Test
  void aServerThatDidNotStopCleanlyIsFaultAfterAColdStart() {
    coldStart(false, true);
    assertThat(write().isActive(node(3))).isFalse();
    assertThat(write().isActive(node(4))).isTrue();
    assertThat(cluster.manager(LOWER).control().table().newcomers()).containsExactly(node(3));
  }

  @Test
  void serversNoneOfWhichStoppedCleanlyAreMadeEqualAfterAColdStart() {
    FakeMember other = coldStart(false, false);
    assertThat(write().nodes()).hasSize(2);
    assertThat(other.asked()).contains("copy");
    assertThat(cluster.manager(LOWER).control().rebalance().director().isFull()).isTrue();
  }

  private FakeMember coldStart(boolean cleanly, boolean otherCleanly) {
    startAttached(3, 4);
    PublishedSpaces known = cluster.member(node(3)).view();
    cluster.kill(node(3));
    cluster.kill(node(4));
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.startPair();
    cluster.startMember(node(3), known).setClean(cleanly);
    FakeMember other = cluster.startMember(node(4), known);
    other.setClean(otherCleanly);
    cluster.runMillis(20_000);
    return other;
  }

  @Test
  void bothManagersMayRestartWhileServersRunAndNothingNeedsAnAttach() {
    startAttached(3, 4, 5);
    HashSpaces before = cluster.spaces(LOWER);
    cluster.kill(LOWER);
    cluster.kill(UPPER);
    cluster.runMillis(5000);
    cluster.startManager(UPPER, LOWER);
    cluster.runMillis(20_000);
    assertThat(cluster.spaces(UPPER)).isEqualTo(before);
    cluster.startManager(LOWER, UPPER);
    cluster.runMillis(20_000);
    assertThat(write().sameNodes(before.write())).isTrue();
    assertAllAgree();
  }

  @Test
  void aHungManagerThatWakesUpDoesNotOverrideItsPartner() {
    startAttached(3, 4, 5);
    cluster.host(LOWER).pause();
    cluster.runMillis(10_000);
    cluster.kill(node(4));
    cluster.runMillis(4000);
    assertThat(cluster.spaces(UPPER).write().isActive(node(4))).isFalse();
    cluster.host(LOWER).resume();
    cluster.runMillis(15_000);
    assertThat(write().isActive(node(3))).isTrue();
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(write().isActive(node(5))).isTrue();
    assertAllAgree();
  }

  /** The partner was paused and did not notice, so it does not send what it knows. */
  @Test
  void aServerThatRestartsWhileThePartnerIsWaitedForIsMarkedFault() {
    startAttached(3, 4, 5);
    cluster.host(UPPER).pause();
    cluster.runMillis(9000);
    cluster.network().powerOff(node(4));
    cluster.runMillis(500);
    assertThat(write().isActive(node(4))).isTrue();
    cluster.host(UPPER).resume();
    cluster.startMember(
        node(4), new PublishedSpaces(cluster.spaces(LOWER), PublishedSpaces.EMPTY.extras()));
    cluster.runMillis(30_000);
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(cluster.manager(LOWER).control().table().newcomers()).containsExactly(node(4));
  }

  @Test
  void whatAServerShowsTheUpperManagerReachesTheLowerWhichGoesOnWithIt() {
    startAttached(3, 4);
    HashSpaces before = cluster.spaces(LOWER);
    FakeMember server = cluster.member(node(3));
    HashSpace newer = before.write().withClockTime(before.write().clockTime() + (1L << 32));
    server.asked().clear();
    server.show(
        UPPER, new PublishedSpaces(new HashSpaces(newer, before.read()), server.view().extras()));
    cluster.runMillis(1000);
    assertThat(write()).isEqualTo(newer);
    assertThat(server.asked()).containsExactly("delete");
    assertAllAgree();
  }

  @Test
  void managersThatBothActedWhileApartMakeReplicasEqual() {
    startAttached(3, 4, 5, 6);
    cluster.network().setConditions(new Split());
    cluster.runMillis(10_000);
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(20_000);
    assertThat(cluster.manager(LOWER).control().rebalance().director().isFull()).isTrue();
    assertThat(cluster.spaces(UPPER)).isEqualTo(cluster.spaces(LOWER));
  }

  /** Parts the managers, and keeps the lower one from server 3 and the upper one from server 4. */
  private static final class Split implements NetworkConditions {
    @Override
    public long delayNs(NodeAddress from, NodeAddress to) {
      return NetworkConditions.FAIR.delayNs(from, to);
    }

    @Override
    public boolean passes(NodeAddress from, NodeAddress to) {
      return !joins(from, to, LOWER, UPPER)
          && !joins(from, to, LOWER, node(3))
          && !joins(from, to, UPPER, node(4));
    }

    private static boolean joins(NodeAddress from, NodeAddress to, NodeAddress a, NodeAddress b) {
      return (from.equals(a) && to.equals(b)) || (from.equals(b) && to.equals(a));
    }
  }
}
