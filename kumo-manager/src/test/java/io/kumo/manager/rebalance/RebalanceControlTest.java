package io.kumo.manager.rebalance;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.manager.membership.Addresses.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.testing.ManualTime;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.VersionSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Servers are asked on paper; they have heard of a hash space when the test says so. */
class RebalanceControlTest {
  private static final NodeAddress A = node(1);
  private static final NodeAddress B = node(2);

  private final ManualTime time = new ManualTime();
  private final MemberTable table = new MemberTable(new VersionSource(new HybridClock(time), 0));
  private final RebalanceDirector director = new RebalanceDirector();
  private final List<Runnable> unheard = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final Map<NodeAddress, Runnable> failures = new HashMap<>();
  private int partnerSyncs;

  private final RebalanceControl control =
      new RebalanceControl(
          table,
          director,
          new HashSpaceBroadcast() {
            @Override
            public void publish(Runnable toldServers, Consumer<String> failed) {
              unheard.add(toldServers);
            }

            @Override
            public void syncPartner() {
              partnerSyncs++;
            }
          },
          new RebalanceRequests() {
            @Override
            public void startCopy(
                NodeAddress server, HashSpace write, boolean full, Runnable failed) {
              asked.add((full ? "full " : "copy ") + server.port());
              failures.put(server, failed);
            }

            @Override
            public void startDelete(NodeAddress server, HashSpace write, Runnable failed) {
              asked.add("delete " + server.port());
              failures.put(server, failed);
            }

            @Override
            public void askProgress(NodeAddress server, Consumer<PhaseProgress> answered) {
              answered.accept(new PhaseProgress(1, 2, 1, 10));
            }
          },
          time);

  private void attached(NodeAddress... servers) {
    for (NodeAddress server : servers) {
      table.connected(server, process(server.port()));
    }
    table.attach(table.newcomers());
    table.completeCopy();
  }

  private void serversHear() {
    List<Runnable> now = List.copyOf(unheard);
    unheard.clear();
    now.forEach(Runnable::run);
  }

  private long version() {
    return table.spaces().write().clockTime();
  }

  @Test
  void nothingIsAskedBeforeServersHaveHeardOfTheLayout() {
    attached(A, B);
    control.start(false);
    assertThat(director.phase()).isEqualTo(RebalancePhase.PUBLISHING);
    assertThat(asked).isEmpty();
    control.copyEnded(A, version());
    serversHear();
    assertThat(director.phase()).isEqualTo(RebalancePhase.COPYING);
    assertThat(asked).containsExactly("copy 1", "copy 2");
    assertThat(partnerSyncs).isOne();
  }

  @Test
  void readsDoNotFollowToWhereNobodyIsLeft() {
    List<NodeAddress> newcomers = List.of(node(11), node(12), node(13), node(14));
    attached(A);
    newcomers.forEach(server -> table.connected(server, process(server.port())));
    table.attach(newcomers);
    control.start(false);
    serversHear();
    newcomers.subList(0, 3).forEach(table::disconnected);
    table.markFault(table.missing());
    control.faultsMarked();
    serversHear();
    assertThat(director.phase()).isEqualTo(RebalancePhase.HELD);
    control.tick(true);
    assertThat(director.phase()).isEqualTo(RebalancePhase.HELD);
    table.detach();
    control.tick(true);
    serversHear();
    assertThat(director.phase()).isEqualTo(RebalancePhase.COPYING);
  }

  @Test
  void readsFollowBeforeAnythingIsDeletedAndTheEndIsMadeKnown() {
    attached(A, B);
    control.start(false);
    serversHear();
    asked.clear();
    control.copyEnded(A, version());
    control.copyEnded(B, version());
    assertThat(table.spaces().rebalancing()).isFalse();
    assertThat(asked).as("until servers know where reads go").isEmpty();
    serversHear();
    assertThat(asked).containsExactly("delete 1", "delete 2");
    assertThat(director.completedTime()).isZero();
    control.deleteEnded(A, version());
    control.deleteEnded(B, version());
    assertThat(director.completedTime()).isEqualTo(version());
    assertThat(unheard).hasSize(1);
  }

  @Test
  void aRebalanceOfTheSameLayoutGetsAnotherName() {
    attached(A);
    control.start(false);
    serversHear();
    long first = director.replaceTime();
    control.start(false);
    serversHear();
    assertThat(director.replaceTime()).isGreaterThan(first);
  }

  @Test
  void aFaultDuringTheCopyBeginsItAnewAndOneDuringTheDeleteDoesNot() {
    attached(A, B);
    control.start(true);
    serversHear();
    table.markFault(List.of(B));
    control.faultsMarked();
    assertThat(director.phase()).isEqualTo(RebalancePhase.PUBLISHING);
    asked.clear();
    serversHear();
    assertThat(asked).containsExactly("full 1", "full 2");
    control.copyEnded(A, version());
    control.copyEnded(B, version());
    serversHear();
    table.markFault(List.of(A));
    control.faultsMarked();
    assertThat(director.phase()).isEqualTo(RebalancePhase.DELETING);
  }

  @Test
  void copyingIsHeldWhileOnlyAnAbsentServerHasSomeRecordsAndIsAFullOneAfterwards() {
    attached(A);
    table.disconnected(A);
    table.markFault(List.of(A));
    table.connected(B, process(2));
    table.attach(List.of(B));
    control.start(false);
    serversHear();
    assertThat(director.phase()).isEqualTo(RebalancePhase.HELD);
    assertThat(asked).isEmpty();
    control.tick(true);
    assertThat(director.phase()).isEqualTo(RebalancePhase.HELD);
    table.connected(A, process(7));
    table.attach(List.of(A));
    control.tick(true);
    serversHear();
    assertThat(asked).containsExactly("full 1", "full 2");
  }

  @Test
  void whatIsGivenUpIsTriedAgainByTheManagerThatDirectsThen() {
    attached(A);
    control.start(false);
    serversHear();
    time.advanceMs(PhaseWait.STALL_NS / 1_000_000);
    director.tick(time.nanoTime());
    assertThat(director.phase()).isEqualTo(RebalancePhase.RETRYING);
    time.advanceMs(RetryPause.FIRST_NS / 1_000_000);
    control.tick(true);
    assertThat(director.phase()).isEqualTo(RebalancePhase.PUBLISHING);
    control.stop();
    assertThat(director.phase()).isEqualTo(RebalancePhase.IDLE);
  }

  @Test
  void newerHashSpacesFromElsewhereEndWhatRunsByFormerOnes() {
    attached(A, B);
    control.start(false);
    control.superseded(true);
    assertThat(director.phase()).as("they are its own").isEqualTo(RebalancePhase.PUBLISHING);
    serversHear();
    HashSpace theirs = table.spaces().write().withFault(B, version() + 2);
    table.adopt(new HashSpaces(theirs, theirs), null);
    control.superseded(false);
    assertThat(director.phase()).isEqualTo(RebalancePhase.IDLE);
  }

  @Test
  void oneThatBeginsToDirectGoesOnWhereTheFormerDirectorStopped() {
    attached(A, B);
    table.connected(node(3), process(3));
    table.attach(List.of(node(3)));
    control.resume();
    assertThat(director.phase()).isEqualTo(RebalancePhase.PUBLISHING);
    control.stop();
    unheard.clear();
    table.completeCopy();
    control.resume();
    assertThat(director.phase()).isEqualTo(RebalancePhase.DELETING);
    control.stop();
    director.learnCompleted(version());
    control.resume();
    assertThat(director.phase()).isEqualTo(RebalancePhase.IDLE);
  }

  @Test
  void aRepairIsAFullOneAndIsDueUntilOneHasFinished() {
    attached(A);
    control.repair();
    control.tick(false);
    assertThat(director.phase()).isEqualTo(RebalancePhase.IDLE);
    control.tick(true);
    serversHear();
    assertThat(asked).containsExactly("full 1");
    control.copyEnded(A, version());
    serversHear();
    control.deleteEnded(A, version());
    assertThat(director.isRepairDue()).isFalse();
  }

  @Test
  void aRequestThatDidNotGetThroughIsRepeated() {
    attached(A);
    control.start(false);
    serversHear();
    failures.get(A).run();
    time.advanceMs(1000);
    control.tick(true);
    assertThat(asked).containsExactly("copy 1", "copy 1");
    assertThat(director.progress()).isEqualTo(new PhaseProgress(1, 2, 1, 10));
  }
}
