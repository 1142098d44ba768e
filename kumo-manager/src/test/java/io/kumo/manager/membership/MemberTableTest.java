package io.kumo.manager.membership;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.manager.membership.Addresses.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.testing.ManualTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberTableTest {
  private final MemberTable table =
      new MemberTable(new VersionSource(new HybridClock(new ManualTime()), 0));

  private void attached(int... ports) {
    for (int port : ports) {
      table.connected(node(port), process(port));
    }
    table.attach(table.newcomers());
    table.completeCopy();
  }

  @Test
  void aConnectedServerIsANewcomerUntilItIsAttached() {
    table.connected(node(2), process(1));
    table.connected(node(1), process(1));
    assertThat(table.newcomers()).containsExactly(node(1), node(2));
    assertThat(table.attach(table.newcomers())).isTrue();
    assertThat(table.newcomers()).isEmpty();
    assertThat(table.spaces().write().nodes())
        .containsExactly(new Node(node(1), true), new Node(node(2), true));
    assertThat(table.spaces().read().nodes()).isEmpty();
  }

  @Test
  void theLastOfAKeysReplicasStaysActiveForReadsThatWaitForIt() {
    attached(1, 2);
    table.markFault(List.of(node(2)));
    table.markFault(List.of(node(1)));
    assertThat(table.spaces().write().isEmpty()).isTrue();
    assertThat(table.spaces().read().isActive(node(1))).isTrue();
    assertThat(table.spaces().read().isActive(node(2))).isFalse();
    assertThat(table.absentOwners()).containsExactly(node(1));
    table.connected(node(2), process(3));
    table.attach(table.newcomers());
    assertThat(table.spaces().owners(0)).containsExactly(node(1));
    table.connected(node(1), process(4));
    table.attach(table.newcomers());
    assertThat(table.absentOwners()).isEmpty();
  }

  @Test
  void whatOnlyAbsentOwnersHaveCanBeGivenUp() {
    attached(1, 2);
    table.markFault(List.of(node(2), node(1)));
    table.giveUp(table.absentOwners());
    assertThat(table.absentOwners()).isEmpty();
    assertThat(table.isAllFault()).isTrue();
  }

  @Test
  void whoReturnsWhenNobodyWasLeftHasWhatThereIs() {
    attached(1);
    table.disconnected(node(1));
    table.markFault(table.missing());
    table.giveUp(table.absentOwners());
    assertThat(table.isAllFault()).isTrue();
    table.connected(node(1), process(2));
    table.connected(node(2), process(1));
    table.attach(table.newcomers());
    assertThat(table.spaces().read().nodes()).containsExactly(new Node(node(1), true));
    assertThat(table.spaces().write().nodes())
        .containsExactly(new Node(node(1), true), new Node(node(2), true));
    assertThat(table.spaces().write().clockTime()).isNotEqualTo(table.spaces().read().clockTime());
  }

  @Test
  void attachingNobodyChangesNothing() {
    attached(1, 2);
    HashSpaces before = table.spaces();
    assertThat(table.attach(List.of())).isFalse();
    assertThat(table.attach(List.of(node(1)))).isFalse();
    assertThat(table.spaces()).isEqualTo(before);
  }

  @Test
  void aFaultIsMarkedInBothHashSpacesWithGreaterClockTimes() {
    attached(1, 2, 3);
    HashSpaces before = table.spaces();
    table.disconnected(node(2));
    assertThat(table.missing()).containsExactly(node(2));
    assertThat(table.markFault(table.missing())).isTrue();
    assertThat(table.spaces().write().isActive(node(2))).isFalse();
    assertThat(table.spaces().read().isActive(node(2))).isFalse();
    assertThat(table.spaces().write().clockTime()).isGreaterThan(before.write().clockTime());
    assertThat(table.markFault(List.of(node(2)))).isFalse();
  }

  @Test
  void aFaultDuringACopyNeverGivesTwoListsOneClockTime() {
    attached(1, 2, 3);
    table.connected(node(4), process(4));
    table.attach(table.newcomers());
    table.markFault(List.of(node(2)));
    HashSpaces spaces = table.spaces();
    assertThat(spaces.rebalancing()).isTrue();
    assertThat(spaces.write().clockTime()).isNotEqualTo(spaces.read().clockTime());
  }

  @Test
  void aFaultNodeKeepsItsPlaceWhenItReturnsAndLosesItWhenDetached() {
    attached(1, 2, 3);
    table.markFault(List.of(node(2)));
    assertThat(table.newcomers()).containsExactly(node(2));
    table.attach(table.newcomers());
    assertThat(table.spaces().write().nodes().get(1)).isEqualTo(new Node(node(2), true));
    table.markFault(List.of(node(2)));
    assertThat(table.detach()).isTrue();
    assertThat(table.spaces().write().find(node(2))).isEmpty();
    assertThat(table.spaces().read().find(node(2))).isPresent();
    assertThat(table.detach()).isFalse();
  }

  @Test
  void anotherProcessUnderAnActiveAddressIsFoundOut() {
    attached(1, 2);
    table.connected(node(2), process(77));
    assertThat(table.restarted()).containsExactly(node(2));
    table.connected(node(1), process(1));
    assertThat(table.restarted()).containsExactly(node(2));
    table.acceptProcesses();
    assertThat(table.restarted()).isEmpty();
  }

  @Test
  void theNewerOfTwoHashSpacesIsTakenOver() {
    attached(1, 2);
    HashSpaces own = table.spaces();
    HashSpace older = HashSpace.of(List.of(new Node(node(9), true)), 1);
    HashSpace newer =
        HashSpace.of(List.of(new Node(node(9), true)), own.write().clockTime() + 1000);
    assertThat(table.adopt(new HashSpaces(older, older), null)).isFalse();
    assertThat(table.adopt(new HashSpaces(HashSpace.EMPTY, HashSpace.EMPTY), null)).isFalse();
    assertThat(table.adopt(new HashSpaces(newer, older), Map.of(node(9), process(5)))).isTrue();
    assertThat(table.spaces()).isEqualTo(new HashSpaces(newer, own.read()));
    assertThat(table.info(node(9))).isEqualTo(process(5));
  }

  @Test
  void whatNamesNobodyActiveNeverSupersedesWhatNamesSomebody() {
    attached(1);
    HashSpaces before = table.spaces();
    long newer = before.write().clockTime() + 10;
    HashSpace allFault = HashSpace.of(List.of(new Node(node(1), false)), newer);
    assertThat(table.accepts(new HashSpaces(allFault, allFault))).isFalse();
    assertThat(table.adopt(new HashSpaces(allFault, allFault), null)).isFalse();
    assertThat(table.adopt(new HashSpaces(HashSpace.EMPTY, allFault), null)).isFalse();
    assertThat(table.spaces()).isEqualTo(before);
  }

  @Test
  void aReadHashSpaceThatIsGivenUpIsTakenOver() {
    attached(1);
    long newer = table.spaces().write().clockTime() + 10;
    HashSpace allFault = HashSpace.of(List.of(new Node(node(1), false)), newer);
    HashSpace write = HashSpace.of(List.of(new Node(node(1), true)), newer + 1);
    assertThat(table.adopt(new HashSpaces(write, allFault), null)).isTrue();
    assertThat(table.spaces().read().isEmpty()).isTrue();
  }
}
