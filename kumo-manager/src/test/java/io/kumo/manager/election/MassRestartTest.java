package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static io.kumo.manager.membership.Addresses.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.MassRestart.Outcome;
import io.kumo.manager.election.MassRestart.Verdict;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MassRestartTest {
  private static final HashSpace WRITE =
      HashSpace.of(List.of(new Node(node(1), true), new Node(node(2), true)), 7);
  private static final Map<NodeAddress, ServerInfo> ATTACHED =
      Map.of(node(1), process(1), node(2), process(2));
  private static final Map<NodeAddress, ServerInfo> ANEW =
      Map.of(node(1), process(11), node(2), process(12));

  private static Verdict judge(
      Map<NodeAddress, ServerInfo> live, Map<NodeAddress, Boolean> clean, boolean waitOver) {
    return MassRestart.judge(ManagerRules.SOUND, WRITE, live, ATTACHED, clean, waitOver);
  }

  @Test
  void besideOneThatHasKeptRunningNobodyWhoIsAwayIsWaitedFor() {
    Verdict verdict = judge(Map.of(node(1), process(1)), Map.of(), false);
    assertThat(verdict.outcome()).isEqualTo(Outcome.KNOWN);
    assertThat(verdict.restarted()).isEmpty();
    assertThat(verdict.crashed()).isEmpty();
  }

  @Test
  void besideOneThatHasKeptRunningThoseThatStoppedInOrderTakePart() {
    Map<NodeAddress, ServerInfo> live = Map.of(node(1), process(1), node(2), process(12));
    assertThat(judge(live, Map.of(), false).outcome()).isEqualTo(Outcome.OPEN);
    Verdict clean = judge(live, Map.of(node(2), true), false);
    assertThat(clean.restarted()).containsExactly(node(2));
    assertThat(clean.crashed()).isEmpty();
    Verdict crashed = judge(live, Map.of(node(2), false), false);
    assertThat(crashed.crashed()).containsExactly(node(2));
    assertThat(crashed.all()).isFalse();
  }

  @Test
  void itStaysOpenUntilAllAreHeardOrTheWaitIsOver() {
    assertThat(judge(Map.of(), Map.of(), true).outcome()).isEqualTo(Outcome.OPEN);
    assertThat(judge(ANEW, Map.of(node(1), true), false).outcome()).isEqualTo(Outcome.OPEN);
    Verdict late = judge(ANEW, Map.of(node(1), true), true);
    assertThat(late.outcome()).isEqualTo(Outcome.KNOWN);
    assertThat(late.crashed()).containsExactly(node(2));
    assertThat(late.all()).isFalse();
  }

  @Test
  void thoseThatStoppedInOrderTakePartAsTheyAre() {
    Verdict verdict = judge(ANEW, Map.of(node(1), true, node(2), true), false);
    assertThat(verdict.restarted()).containsExactly(node(1), node(2));
    assertThat(verdict.crashed()).isEmpty();
    assertThat(verdict.all()).isFalse();
  }

  @Test
  void whenNobodyStoppedInOrderAllReturn() {
    Verdict verdict = judge(ANEW, Map.of(node(1), false, node(2), false), false);
    assertThat(verdict.crashed()).containsExactly(node(1), node(2));
    assertThat(verdict.all()).isTrue();
  }
}
