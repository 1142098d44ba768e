package io.kumo.manager;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.SetAutoReplace;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.store.CreateBackup;
import io.kumo.manager.rebalance.RebalanceOutcome;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.testkit.fake.FakeMember;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManagerTest extends ManagedMembers {
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
        node(4), new PublishedSpaces(cluster.spaces(LOWER), PublishedSpaces.EMPTY.extras()));
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
}
