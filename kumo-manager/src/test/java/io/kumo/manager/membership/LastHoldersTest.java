package io.kumo.manager.membership;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.manager.membership.Addresses.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.testing.ManualTime;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five servers: any three of them are all replicas of some keys. */
class LastHoldersTest {
  private final MemberTable table =
      new MemberTable(new VersionSource(new HybridClock(new ManualTime()), 0));

  @BeforeEach
  void attachFive() {
    for (int port = 1; port <= 5; port++) {
      table.connected(node(port), process(port));
    }
    table.attach(table.newcomers());
    table.completeCopy();
  }

  private static List<NodeAddress> nodes(int... ports) {
    return IntStream.of(ports).mapToObj(Addresses::node).toList();
  }

  private void lost(int... ports) {
    nodes(ports).forEach(table::disconnected);
    table.markFault(nodes(ports));
  }

  @Test
  void ofThoseThatAreLostOneAfterTheOtherTheLastWaitsForItself() {
    lost(1);
    lost(2);
    lost(3);
    assertThat(table.absentOwners()).isEqualTo(nodes(3));
    assertThat(table.behind()).containsExactlyElementsOf(nodes(3));
    assertThat(table.mayReturn(nodes(1, 2, 3))).isEqualTo(nodes(1, 2, 3));
  }

  @Test
  void thoseThatAreLostAtOnceHaveTheSameAndReturnTogether() {
    lost(1, 2, 3);
    assertThat(table.absentOwners()).isEqualTo(nodes(1, 2, 3));
    assertThat(table.mayReturn(nodes(1))).isEmpty();
    assertThat(table.mayReturn(nodes(1, 2))).isEmpty();
    assertThat(table.mayReturn(nodes(1, 2, 3))).isEqualTo(nodes(1, 2, 3));
  }

  @Test
  void oneThatWasAwayLongerIsNoReasonToGiveUpWhoHasTheNewest() {
    lost(1);
    lost(2);
    lost(3);
    lost(4);
    lost(5);
    assertThat(table.spaces().read().isActive(node(5))).isTrue();
    assertThat(table.mayReturn(nodes(3))).as("5 may have what 3 has missed").isEmpty();
    assertThat(table.mayReturn(nodes(1, 2))).as("they count for nothing").hasSize(2);
    List<NodeAddress> owners = table.absentOwners();
    assertThat(table.mayReturn(owners)).isEqualTo(owners);
  }

  @Test
  void whomTheLastOneDidNotYetKnowToBeOutReturnsWithIt() {
    lost(1);
    HashSpaces installed = table.spaces();
    lost(2);
    lost(3);
    assertThat(table.absentOwners()).isEqualTo(nodes(3));
    assertThat(table.readmitBeside(node(3), installed)).isTrue();
    assertThat(table.absentOwners()).isEqualTo(nodes(2, 3));
    assertThat(table.behind())
        .as("others went on with other keys")
        .isEqualTo(Set.of(node(2), node(3)));
    assertThat(table.mayReturn(nodes(3))).as("2 may have what 3 has lost").isEmpty();
    assertThat(table.mayReturn(nodes(2, 3))).isEqualTo(nodes(2, 3));
    assertThat(table.readmitBeside(node(3), installed)).as("again").isFalse();
  }

  @Test
  void whoWasCutOffWaitsForTheLastOneToSayWhatItKnew() {
    table.markFault(nodes(1));
    lost(2);
    lost(3);
    assertThat(table.mayReturn(nodes(1))).as("it has kept running").isEmpty();
    assertThat(table.mayReturn(nodes(2))).as("it has not").isEqualTo(nodes(2));
    table.connected(node(3), process(33));
    assertThat(table.mayReturn(nodes(1))).as("it is back").isEqualTo(nodes(1));
  }

  @Test
  void whomTheLastOneKnewToBeOutHasMissedSomething() {
    lost(1);
    lost(2);
    HashSpaces installed = table.spaces();
    lost(3);
    assertThat(table.readmitBeside(node(3), installed)).isFalse();
    assertThat(table.absentOwners()).isEqualTo(nodes(3));
  }

  @Test
  void oneThatIsBackButNotMadeEqualTakesNobodysPlace() {
    lost(1);
    lost(2);
    lost(3);
    table.attach(nodes(3));
    assertThat(table.absentOwners()).isEmpty();
    lost(4);
    lost(5);
    assertThat(table.spaces().read().isActive(node(5))).isTrue();
    assertThat(table.spaces().write().isActive(node(3))).as("it would be read alone").isFalse();
  }

  @Test
  void onceAllIsMadeEqualItCountsLikeTheOthers() {
    lost(1);
    lost(2);
    lost(3);
    table.attach(nodes(1, 2, 3));
    table.completeCopy();
    table.madeEqual();
    lost(4);
    lost(5);
    assertThat(table.spaces().read().isActive(node(5))).isFalse();
    assertThat(table.spaces().write().isActive(node(3))).isTrue();
  }

  /** Two copies, in two zones: 1 and 3 share no keys, and both share some with 2 and 4. */
  @Test
  void whoIsTakenOutIsAwayForOthersThatAreBehindInTurn() {
    MemberTable zoned = new MemberTable(new VersionSource(new HybridClock(new ManualTime()), 0));
    zoned.settleCopies(2);
    for (int port = 1; port <= 4; port++) {
      zoned.connected(node(port), new ServerInfo(1, port, port % 2 == 1 ? "a" : "b"));
    }
    zoned.attach(zoned.newcomers());
    zoned.placeInZones(nodes(1, 2, 3, 4));
    zoned.completeCopy();
    zoned.recallBehind(nodes(2, 3));
    zoned.disconnected(node(1));
    zoned.markFault(nodes(1));
    assertThat(zoned.spaces().write().isActive(node(2))).as("1 may have newer ones").isFalse();
    assertThat(zoned.spaces().write().isActive(node(3))).as("2 may have newer ones").isFalse();
    assertThat(zoned.spaces().write().isActive(node(4))).isTrue();
  }

  @Test
  void whatIsGivenUpIsWaitedForNoMore() {
    lost(1, 2, 3);
    table.giveUp(nodes(2, 3));
    assertThat(table.mayReturn(nodes(1))).isEqualTo(nodes(1));
    table.giveUp(nodes(1));
    assertThat(table.behind()).isEmpty();
  }
}
