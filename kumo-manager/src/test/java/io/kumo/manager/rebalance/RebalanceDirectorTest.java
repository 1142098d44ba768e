package io.kumo.manager.rebalance;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RebalanceDirectorTest {
  private static final NodeAddress A = node(1);
  private static final NodeAddress B = node(2);
  private static final NodeAddress C = node(3);

  private final RebalanceDirector director = new RebalanceDirector();

  private static HashSpace space(long clockTime) {
    return HashSpace.of(Stream.of(A, B, C).map(a -> new Node(a, true)).toList(), clockTime);
  }

  private static List<Participant> servers(NodeAddress... servers) {
    return Stream.of(servers).map(server -> new Participant(server, true)).toList();
  }

  private List<RebalanceAction> begin(long clockTime) {
    return director.begin(space(clockTime), false, servers(A, B, C), 0);
  }

  @Test
  void aReplaceCopiesThenSwitchesReadsThenDeletesThenFinishes() {
    assertThat(begin(7)).hasSize(3).allMatch(action -> action instanceof RebalanceAction.StartCopy);
    assertThat(director.copyEnded(A, 7, 1)).isEmpty();
    assertThat(director.copyEnded(B, 7, 1)).isEmpty();
    List<RebalanceAction> actions = director.copyEnded(C, 7, 1);
    assertThat(actions.get(0)).isEqualTo(new RebalanceAction.FollowReads(7));
    assertThat(actions.subList(1, 4))
        .allMatch(action -> action instanceof RebalanceAction.StartDelete);
    assertThat(director.phase()).isEqualTo(RebalancePhase.DELETING);
    director.deleteEnded(A, 7, 2);
    director.deleteEnded(B, 7, 2);
    assertThat(director.deleteEnded(C, 7, 2)).containsExactly(new RebalanceAction.Finish(7));
    assertThat(director.phase()).isEqualTo(RebalancePhase.IDLE);
    assertThat(director.outcome()).isEqualTo(RebalanceOutcome.FINISHED);
  }

  @Test
  void endsOfAnotherReplaceOrPhaseAndRepeatedEndsDoNotCount() {
    begin(7);
    assertThat(director.copyEnded(A, 6, 1)).isEmpty();
    assertThat(director.deleteEnded(A, 7, 1)).isEmpty();
    director.copyEnded(A, 7, 1);
    director.copyEnded(A, 7, 1);
    director.copyEnded(B, 7, 1);
    assertThat(director.waitingFor()).containsExactly(C);
  }

  @Test
  void aNewReplaceTakesOverFromARunningOne() {
    begin(7);
    director.copyEnded(A, 7, 1);
    begin(9);
    assertThat(director.waitingFor()).containsExactly(A, B, C);
    assertThat(director.copyEnded(B, 7, 1)).isEmpty();
    assertThat(director.waitingFor()).containsExactly(A, B, C);
  }

  @Test
  void aLostServerIsNotWaitedFor() {
    begin(7);
    director.copyEnded(A, 7, 1);
    director.copyEnded(B, 7, 1);
    assertThat(director.lost(C, 2)).contains(new RebalanceAction.FollowReads(7));
    assertThat(director.waitingFor()).containsExactly(A, B);
  }

  @Test
  void aServerMayNameAHashSpaceThatGotANewVersionDuringTheDeletePhase() {
    director.begin(space(7), false, servers(A), 0);
    director.copyEnded(A, 7, 1);
    director.statesChanged(space(9));
    assertThat(director.deleteEnded(A, 5, 1)).isEmpty();
    assertThat(director.deleteEnded(A, 9, 1)).containsExactly(new RebalanceAction.Finish(7));
  }

  @Test
  void requestsAreRepeatedUntilTheServerEnds() {
    begin(7);
    director.copyEnded(A, 7, 1);
    assertThat(director.tick(PhaseWait.REPEAT_NS - 1)).isEmpty();
    assertThat(director.tick(PhaseWait.REPEAT_NS))
        .containsExactly(
            new RebalanceAction.StartCopy(B, space(7), false),
            new RebalanceAction.StartCopy(C, space(7), false));
    assertThat(director.tick(PhaseWait.REPEAT_NS + 1)).isEmpty();
    director.sendFailed(B, PhaseWait.REPEAT_NS);
    assertThat(director.tick(PhaseWait.REPEAT_NS + PhaseWait.RETRY_NS))
        .containsExactly(new RebalanceAction.StartCopy(B, space(7), false));
  }

  @Test
  void aPhaseWithoutProgressIsGivenUpAndOneWithProgressIsNot() {
    director.begin(space(7), false, servers(A, B), 0);
    long stall = PhaseWait.STALL_NS;
    director.progressed(A, new PhaseProgress(1, 10, 1, 100), stall / 2);
    director.progressed(B, new PhaseProgress(1, 10, 1, 100), stall / 2);
    assertThat(director.tick(stall)).noneMatch(action -> action instanceof RebalanceAction.Abandon);
    director.progressed(A, new PhaseProgress(2, 10, 1, 100), stall);
    director.progressed(B, new PhaseProgress(1, 10, 1, 100), stall);
    List<RebalanceAction> actions = director.tick(stall + stall / 2);
    assertThat(actions).singleElement().isInstanceOf(RebalanceAction.Abandon.class);
    assertThat(((RebalanceAction.Abandon) actions.get(0)).waitingFor()).containsExactly(B);
    assertThat(director.phase()).isEqualTo(RebalancePhase.RETRYING);
    assertThat(director.outcome()).isEqualTo(RebalanceOutcome.ABANDONED);
  }

  @Test
  void anOriginalServerIsNeitherAskedTwiceNorGivenUpEarly() {
    director.begin(space(7), false, List.of(new Participant(A, false)), 0);
    assertThat(director.tick(PhaseWait.SILENT_STALL_NS - 1)).isEmpty();
    assertThat(director.tick(PhaseWait.SILENT_STALL_NS))
        .singleElement()
        .isInstanceOf(RebalanceAction.Abandon.class);
  }

  @Test
  void progressIsTheSumOfAllServersAlsoOfThoseThatHaveEnded() {
    director.begin(space(7), false, servers(A, B), 0);
    director.progressed(A, new PhaseProgress(10, 10, 4, 400), 1);
    director.progressed(B, new PhaseProgress(5, 10, 1, 100), 1);
    director.copyEnded(A, 7, 2);
    assertThat(director.progress()).isEqualTo(new PhaseProgress(15, 20, 5, 500));
  }

  @Test
  void aReplaceWithoutServersFinishesAtOnce() {
    assertThat(director.begin(space(7), false, List.of(), 0))
        .containsExactly(new RebalanceAction.FollowReads(7), new RebalanceAction.Finish(7));
  }
}
