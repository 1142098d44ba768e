package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.manager.membership.Addresses.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.ManagerRules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColdStartTest {
  private final ColdStart cold = new ColdStart(0, ManagerRules.SOUND);

  private static HashSpaces spaces(long clockTime, Node... nodes) {
    HashSpace space = HashSpace.of(List.of(nodes), clockTime);
    return new HashSpaces(space, space);
  }

  private static Node active(int port) {
    return new Node(node(port), true);
  }

  private static Node fault(int port) {
    return new Node(node(port), false);
  }

  private void reported(int port, HashSpaces shown, boolean clean) {
    NodeAddress address = node(port);
    cold.reported(address, shown, Map.of(address, process(port)), clean);
  }

  @Test
  void everyActiveServerOfTheNewestHashSpaceIsAwaited() {
    HashSpaces old = spaces(10, active(1), active(2), active(3));
    HashSpaces newer = spaces(20, active(1), active(2), fault(3));
    reported(3, old, true);
    assertThat(cold.awaited()).containsExactly(node(1), node(2));
    reported(1, newer, true);
    assertThat(cold.newest()).isEqualTo(newer);
    assertThat(cold.awaited()).containsExactly(node(2));
    reported(2, old, true);
    assertThat(cold.awaited()).isEmpty();
    assertThat(cold.newest()).isEqualTo(newer);
    assertThat(cold.infos()).containsOnlyKeys(node(1));
  }

  @Test
  void aServerThatOnlyTheNewestNamesIsAwaitedEvenWhenAllOthersHaveReported() {
    reported(1, spaces(10, active(1), active(2)), true);
    reported(2, spaces(30, active(1), active(2), active(4)), true);
    assertThat(cold.awaited()).containsExactly(node(4));
  }

  @Test
  void newServersThatKnowNothingAreNotWaitedForNorHeldForACluster() {
    reported(1, HashSpaces.EMPTY, true);
    assertThat(cold.newest()).isEqualTo(HashSpaces.EMPTY);
    assertThat(cold.awaited()).isEmpty();
  }

  @Test
  void aCrashCountsOnlyForActiveServers() {
    HashSpaces shown = spaces(10, active(1), fault(2));
    reported(1, shown, true);
    reported(2, shown, false);
    assertThat(cold.crashed()).isEmpty();
    reported(1, shown, false);
    assertThat(cold.crashed()).containsExactly(node(1));
    assertThat(cold.crashes()).isEqualTo(ColdStart.Crashes.ALL);
  }

  @Test
  void aServerThatLostItsDiskCountsAsCrashed() {
    HashSpaces shown = spaces(10, active(1), active(2));
    reported(1, shown, true);
    reported(2, HashSpaces.EMPTY, true);
    assertThat(cold.crashed()).containsExactly(node(2));
    assertThat(cold.crashes()).isEqualTo(ColdStart.Crashes.SOME);
  }
}
