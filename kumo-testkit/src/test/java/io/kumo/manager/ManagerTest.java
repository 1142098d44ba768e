package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.CreateBackup;
import io.kumo.core.protocol.admin.DetachFaultServers;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.rebalance.RebalanceOutcome;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.fake.FakeMember;
import io.kumo.testkit.net.NetworkConditions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManagerTest {
  private static final String NIL = "c0";
  private static final Message ATTACH = new AttachNewServers(true, false);
  private static final Message DETACH = new DetachFaultServers(true);

  private final MemoryCluster cluster = new MemoryCluster();

  private void startAttached(int... ports) {
    cluster.startPair();
    for (int port : ports) {
      cluster.startMember(node(port));
    }
    cluster.runMillis(8000);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
  }

  private HashSpace write() {
    return cluster.spaces(LOWER).write();
  }

  private void assertAllAgree() {
    HashSpaces expected = cluster.spaces(LOWER);
    if (cluster.host(UPPER).isAlive()) {
      assertThat(cluster.spaces(UPPER)).isEqualTo(expected);
    }
    cluster.members().stream()
        .filter(server -> cluster.host(server.address()).isAlive())
        .forEach(server -> assertThat(server.spaces()).isEqualTo(expected));
  }

  @Test
  void serversAreNewcomersUntilAttachedAndThenEverybodyKnows() {
    cluster.startPair();
    cluster.startMember(node(3));
    cluster.startMember(node(4));
    cluster.runMillis(8000);
    assertThat(cluster.manager(LOWER).control().table().newcomers())
        .containsExactly(node(3), node(4));
    assertThat(write().nodes()).isEmpty();
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
    assertThat(write().nodes()).hasSize(2);
    assertThat(cluster.spaces(LOWER).rebalancing()).isFalse();
    assertThat(cluster.manager(LOWER).control().rebalance().director().outcome())
        .isEqualTo(RebalanceOutcome.FINISHED);
    assertAllAgree();
  }

  @Test
  void theUpperManagerForwardsWhatItIsAsked() {
    cluster.startPair();
    cluster.startMember(node(3));
    cluster.runMillis(8000);
    assertThat(cluster.ask(UPPER, ATTACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
    assertThat(write().nodes()).hasSize(1);
    assertThat(write().clockTime() & 1).isZero();
    assertThat(cluster.manager(UPPER).control().rebalance().director().replaceTime()).isZero();
    assertAllAgree();
  }

  @Test
  void aKilledServerIsMarkedFaultAtOnce() {
    startAttached(3, 4, 5);
    cluster.kill(node(4));
    cluster.runMillis(2500);
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(write().find(node(4))).isPresent();
    assertAllAgree();
  }

  @Test
  void aHungServerIsMarkedFaultWithinThreeIntervalsAndASecond() {
    startAttached(3, 4, 5);
    cluster.host(node(4)).pause();
    cluster.runMillis(3 * 2000 + 1000);
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(write().isActive(node(3))).isTrue();
  }

  @Test
  void aServerThatReturnsIsANewcomerAndItsAttachCopiesAgain() {
    startAttached(3, 4, 5);
    cluster.kill(node(4));
    cluster.runMillis(3000);
    FakeMember returned = cluster.startMember(node(4));
    cluster.runMillis(3000);
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
    assertThat(write().isActive(node(4))).isTrue();
    assertThat(returned.asked()).containsExactly("copy", "delete");
    assertAllAgree();
  }

  @Test
  void aServerThatRestartsFasterThanItIsMissedIsMarkedFaultAllTheSame() {
    startAttached(3, 4, 5);
    cluster.kill(node(4));
    cluster.startMember(
        node(4), new ClusterView(cluster.spaces(LOWER), ClusterView.EMPTY.extras()));
    cluster.runMillis(3000);
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(cluster.manager(LOWER).control().table().newcomers()).containsExactly(node(4));
  }

  @Test
  void detachTakesFaultServersOut() {
    startAttached(3, 4, 5);
    cluster.kill(node(4));
    cluster.runMillis(3000);
    assertThat(cluster.ask(LOWER, DETACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
    assertThat(write().find(node(4))).isEmpty();
    assertThat(cluster.spaces(LOWER).read().find(node(4))).isEmpty();
    assertAllAgree();
  }

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
  void aReplaceSurvivesTheDeathOfItsDirector() {
    startAttached(3, 4, 5);
    FakeMember fourth = cluster.startMember(node(6));
    fourth.setEndsPhases(false);
    cluster.runMillis(3000);
    assertThat(cluster.ask(LOWER, ATTACH)).isEqualTo(NIL);
    cluster.runMillis(1000);
    assertThat(cluster.spaces(UPPER).rebalancing()).isTrue();
    cluster.kill(LOWER);
    cluster.runMillis(8000);
    assertThat(cluster.manager(UPPER).control().rebalance().director().phase())
        .isEqualTo(RebalancePhase.COPYING);
    fourth.setEndsPhases(true);
    fourth.endPhases();
    cluster.runMillis(1000);
    assertThat(cluster.spaces(UPPER).rebalancing()).isFalse();
    assertThat(cluster.manager(UPPER).control().rebalance().director().outcome())
        .isEqualTo(RebalanceOutcome.FINISHED);
  }

  @Test
  void aServerLostInTheCopyPhaseMakesTheOthersStartOver() {
    startAttached(3, 4, 5);
    FakeMember fourth = cluster.startMember(node(6));
    fourth.setEndsPhases(false);
    cluster.runMillis(3000);
    cluster.ask(LOWER, ATTACH);
    cluster.runMillis(1000);
    cluster.kill(node(4));
    cluster.runMillis(3000);
    assertThat(cluster.manager(LOWER).control().rebalance().director().waitingFor())
        .containsExactly(node(6));
    fourth.setEndsPhases(true);
    fourth.endPhases();
    cluster.runMillis(1000);
    assertThat(cluster.spaces(LOWER).rebalancing()).isFalse();
    assertThat(write().isActive(node(4))).isFalse();
    assertAllAgree();
  }

  @Test
  void aServerLostInTheDeletePhaseDoesNotKeepItOpen() {
    startAttached(3, 4, 5);
    cluster.member(node(4)).setEndsPhases(false);
    cluster.ask(LOWER, new StartReplace(false));
    cluster.runMillis(1000);
    cluster.member(node(4)).endPhases();
    cluster.runMillis(1000);
    assertThat(cluster.manager(LOWER).control().rebalance().director().phase())
        .isEqualTo(RebalancePhase.DELETING);
    cluster.kill(node(4));
    cluster.runMillis(3000);
    assertThat(cluster.manager(LOWER).control().rebalance().director().phase())
        .isEqualTo(RebalancePhase.IDLE);
  }

  @Test
  void aManagerWithoutAPartnersStateWaitsForEveryServerOfTheNewestHashSpace() {
    startAttached(3, 4, 5);
    ClusterView known = cluster.member(node(3)).view();
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
    ClusterView known = cluster.member(node(3)).view();
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
    ClusterView known = cluster.member(node(3)).view();
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
  void autoReplaceActsOnceItsDelayHasPassed() {
    cluster.startManager(ManagerConfig.of(LOWER, null).withAutoReplace(Duration.ofSeconds(4)));
    cluster.startMember(node(3));
    cluster.startMember(node(4));
    cluster.runMillis(3000);
    assertThat(write().nodes()).isEmpty();
    cluster.runMillis(4000);
    assertThat(write().nodes()).as("the first attach is the operator's").isEmpty();
    cluster.ask(LOWER, ATTACH);
    cluster.runMillis(1000);
    assertThat(write().nodes()).hasSize(2);
    cluster.startMember(node(5));
    cluster.runMillis(3000);
    assertThat(write().nodes()).hasSize(2);
    cluster.runMillis(4000);
    assertThat(write().nodes()).hasSize(3);
    cluster.kill(node(4));
    cluster.runMillis(3000);
    assertThat(write().find(node(4))).isPresent();
    cluster.runMillis(6000);
    assertThat(write().find(node(4))).isEmpty();
  }

  @Test
  void setAutoReplaceAnswersWhatItChanged() {
    cluster.startPair();
    cluster.runMillis(8000);
    assertThat(cluster.ask(UPPER, new SetAutoReplace(true))).isEqualTo("c3");
    assertThat(cluster.ask(LOWER, new SetAutoReplace(true))).isEqualTo(NIL);
    assertThat(cluster.ask(LOWER, new SetAutoReplace(false))).isEqualTo("c2");
  }

  @Test
  void aBackupNeedsASuffix() {
    cluster.startPair();
    cluster.runMillis(8000);
    assertThat(cluster.ask(LOWER, new CreateBackup(""))).contains("empty suffix");
    assertThat(cluster.ask(LOWER, new CreateBackup("x"))).isEqualTo(NIL);
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
        node(4), new ClusterView(cluster.spaces(LOWER), ClusterView.EMPTY.extras()));
    cluster.runMillis(30_000);
    assertThat(write().isActive(node(4))).isFalse();
    assertThat(cluster.manager(LOWER).control().table().newcomers()).containsExactly(node(4));
  }

  @Test
  void anActiveServerThatIsNotConnectedIsWaitedForInAReplace() {
    startAttached(3, 4, 5);
    cluster.host(node(4)).pause();
    cluster.kill(LOWER);
    cluster.runMillis(500);
    cluster.startManager(LOWER, UPPER);
    cluster.runMillis(2000);
    cluster.startMember(node(6));
    cluster.runMillis(1000);
    cluster.ask(LOWER, ATTACH);
    cluster.runMillis(500);
    if (write().isActive(node(4))) {
      assertThat(cluster.manager(LOWER).control().rebalance().director().waitingFor())
          .containsExactly(node(4));
    }
    cluster.host(node(4)).resume();
    cluster.runMillis(15_000);
    assertThat(cluster.spaces(LOWER).rebalancing()).isFalse();
  }

  @Test
  void whatAServerShowsTheUpperManagerReachesTheLowerWhichGoesOnWithIt() {
    startAttached(3, 4);
    HashSpaces before = cluster.spaces(LOWER);
    FakeMember server = cluster.member(node(3));
    HashSpace newer = before.write().withClockTime(before.write().clockTime() + (1L << 32));
    server.asked().clear();
    server.show(
        UPPER, new ClusterView(new HashSpaces(newer, before.read()), server.view().extras()));
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
