package io.kumo.core.vote;

import static io.kumo.core.view.SampleViews.M1;
import static io.kumo.core.view.SampleViews.M2;
import static io.kumo.core.view.SampleViews.S1;
import static io.kumo.core.view.SampleViews.S2;
import static io.kumo.core.view.SampleViews.S3;
import static io.kumo.core.view.SampleViews.voter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.Acceptance.Status;
import io.kumo.core.vote.Proposer.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProposerTest {
  private static final ClusterView V1 = SampleViews.first();
  private static final ClusterView V2 =
      V1.next(V1.voters(), V1.electorate().managers()).withLayout(SampleViews.layout(S1, S3));
  private static final long LEASE_NS = ViewSettings.DEFAULT.leaseNs();

  private static Promise promise(NodeAddress by, long term, ClusterView accepted) {
    return new Promise(voter(by), true, term, accepted);
  }

  private static Acceptance accepts(NodeAddress by, ClusterView view) {
    return new Acceptance(voter(by), Status.ACCEPTED, view.id(), view.term());
  }

  private static Proposer.Transition asking(NodeAddress... willing) {
    Proposer.Transition step = Proposer.idle(VoteRules.SOUND, M1, 0).campaign(V1, false, 0);
    for (NodeAddress voter : willing) {
      step = step.next().answered(new PreVote(voter(voter), true, 1, V1), 0);
    }
    return step;
  }

  private static Proposer.Transition directing() {
    Proposer.Transition step = asking(S1, S2, M1);
    for (NodeAddress voter : List.of(S1, S2, M1)) {
      step = step.next().promised(promise(voter, 2, V1), 0);
    }
    return step;
  }

  private static Proposer republished() {
    Proposer.Transition step = directing();
    for (NodeAddress voter : List.of(S1, S2, M1)) {
      step = step.next().accepted(accepts(voter, V1.inTerm(2)), 0);
    }
    assertThat(step.actions()).containsExactly(new ProposerAction.Commit(V1.inTerm(2)));
    return step.next();
  }

  @Test
  void asksForATermOnlyWhenAQuorumWouldFollow() {
    assertThat(asking(S1, S2).actions()).isEmpty();
    Proposer.Transition step = asking(S1, S2, M1);
    assertThat(step.next().phase()).isEqualTo(Phase.REQUESTING);
    TermRequest request = new TermRequest(2, M1, SampleViews.CLUSTER, false);
    assertThat(step.actions()).containsExactly(new ProposerAction.AskTerm(request));
  }

  @Test
  void publishesTheNewestAcceptedViewFirst() {
    Proposer.Transition step = asking(S1, S2, M1);
    step = step.next().promised(promise(M1, 2, V1), 0);
    step = step.next().promised(promise(S1, 2, V1), 0);
    assertThat(step.actions()).isEmpty();
    step = step.next().promised(promise(S3, 2, V2), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Publish(V2.inTerm(2), false));
    assertThat(step.next().mayPropose()).isFalse();
    ClusterView next = V2.inTerm(2).next(V2.voters(), List.of(M1));
    Proposer early = step.next();
    assertThatThrownBy(() -> early.propose(next, List.of(), 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void winsOnlyWithAQuorumOfTheVotersBeforeTheNewestView() {
    ClusterView moved = V1.next(SampleViews.voters(S1), V1.electorate().managers());
    Proposer.Transition step = Proposer.idle(VoteRules.SOUND, M1, 0).campaign(moved, false, 0);
    step = step.next().answered(new PreVote(voter(S1), true, 1, moved), 0);
    assertThat(step.actions()).isEmpty();
    step = step.next().answered(new PreVote(voter(S2), true, 1, V1), 0);
    step = step.next().answered(new PreVote(voter(M1), true, 1, V1), 0);
    assertThat(step.next().phase()).isEqualTo(Phase.REQUESTING);
    step = step.next().promised(promise(S1, 2, moved), 0);
    step = step.next().promised(promise(S2, 2, V1), 0);
    assertThat(step.actions()).isEmpty();
    step = step.next().promised(promise(M1, 2, V1), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Publish(moved.inTerm(2), false));
  }

  @Test
  void changesOneAtATimeAndOnlyByAQuorumOfBoth() {
    Proposer director = republished();
    ClusterView next = director.base().next(SampleViews.voters(S1, S3, M1), List.of(M1, M2));
    Proposer.Transition step = director.propose(next, List.of(), 0);
    assertThat(step.next().mayPropose()).isFalse();
    step = step.next().accepted(accepts(M1, next), 0);
    step = step.next().accepted(accepts(M2, next), 0);
    step = step.next().accepted(accepts(S2, next), 0);
    assertThat(step.actions()).isEmpty();
    step = step.next().accepted(accepts(S1, next), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Commit(next));
    assertThat(step.next().mayPropose()).isTrue();
  }

  @Test
  void namesNoVoterThatHasNotPromised() {
    Proposer director = republished();
    Voter stranger = new Voter(SampleViews.node(14), 4);
    Voters more = new Voters(List.of(voter(S1), voter(S2), voter(S3), stranger, voter(M1)), null);
    ClusterView next = director.base().next(more, List.of(M1, M2));
    assertThatThrownBy(() -> director.propose(next, List.of(), 0))
        .isInstanceOf(IllegalStateException.class);
    Proposer asked = director.promised(new Promise(stranger, true, 2, ClusterView.NONE), 0).next();
    assertThat(asked.propose(next, List.of(), 0).actions()).hasSize(1);
  }

  @Test
  void asksAboveAHigherTerm() {
    Acceptance refused = new Acceptance(voter(S3), Status.REFUSED, new ViewId(2, 1), 8);
    Proposer.Transition step = directing().next().accepted(refused, 0);
    assertThat(step.next().phase()).isEqualTo(Phase.REQUESTING);
    assertThat(step.next().term()).isEqualTo(9);
    Promise other = new Promise(voter(S3), false, 12, V1);
    assertThat(step.next().promised(other, 0).next().term()).isEqualTo(13);
  }

  @Test
  void stepsDownWhenItsViewIsNotCommittedOrNoQuorumIsHeard() {
    Proposer director = directing().next();
    List<NodeAddress> all = List.of(M1, S1, S2);
    assertThat(director.review(all, 3 * LEASE_NS).actions()).isEmpty();
    assertThat(director.review(all, 3 * LEASE_NS + 1).next().phase()).isEqualTo(Phase.IDLE);
    assertThat(republished().review(all, 99 * LEASE_NS).actions()).isEmpty();
    assertThat(republished().review(List.of(M1, S1), 0).next().phase()).isEqualTo(Phase.IDLE);
  }

  @Test
  void theFirstViewGoesToBothManagersBeforeServersSeeIt() {
    Proposer.Transition step = Proposer.idle(VoteRules.SOUND, M1, 0).found(0);
    for (NodeAddress node : List.of(S1, S2, S3, M1, M2)) {
      step = step.next().promised(promise(node, 1, ClusterView.NONE), 0);
    }
    assertThat(step.actions()).isEmpty();
    step = step.next().publishFirst(V1, List.of(M1, M2), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Publish(V1, true));
    step = step.next().accepted(accepts(M1, V1), 0);
    assertThat(step.actions()).isEmpty();
    step = step.next().accepted(accepts(M2, V1), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Publish(V1, false));
    step = step.next().accepted(accepts(S2, V1), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Commit(V1));
  }

  @Test
  void theFirstViewGoesToServersWhenTheManagersHaveItThoughServersAreNeededToo() {
    Proposer.Transition step = Proposer.idle(VoteRules.SOUND, M1, 0).found(0);
    for (NodeAddress node : List.of(S1, S2, S3, M1, M2)) {
      step = step.next().promised(promise(node, 1, ClusterView.NONE), 0);
    }
    step = step.next().publishFirst(V1, List.of(M1, M2, S1, S2, S3), 0);
    step = step.next().accepted(accepts(M1, V1), 0);
    step = step.next().accepted(accepts(M2, V1), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Publish(V1, false));
    step = step.next().accepted(accepts(S1, V1), 0);
    step = step.next().accepted(accepts(S2, V1), 0);
    assertThat(step.actions()).isEmpty();
    step = step.next().accepted(accepts(S3, V1), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Commit(V1));
  }

  @Test
  void aFirstViewThatReplacesAnotherByForceNeedsNoneOfItsVoters() {
    ClusterView child =
        new ClusterView(
            new ViewId(2, 1),
            new ClusterId(77, V1.cluster().id()),
            V1.layout(),
            V1.flush(),
            V1.settings(),
            new Electorate(SampleViews.voters(S1), Voters.NONE, List.of(M1), List.of(M1)));
    Proposer.Transition step = Proposer.idle(VoteRules.SOUND, M1, 0).hearing(1, V1).found(0);
    for (NodeAddress node : List.of(M1, S1)) {
      step = step.next().promised(promise(node, 2, V1), 0);
    }
    step = step.next().publishFirst(child, List.of(M1, S1), 0);
    assertThat(step.next().review(List.of(M1, S1), 0).actions()).isEmpty();
    step = step.next().accepted(accepts(M1, child), 0);
    step = step.next().accepted(accepts(S1, child), 0);
    assertThat(step.actions()).containsExactly(new ProposerAction.Commit(child));
    assertThat(step.next().review(List.of(M1, S1), 0).actions()).isEmpty();
  }

  @Test
  void aFounderThatIsRefusedFoundsInALaterTerm() {
    Proposer.Transition step = Proposer.idle(VoteRules.SOUND, M1, 0).found(0);
    step = step.next().promised(new Promise(voter(S1), false, 4, ClusterView.NONE), 0);
    assertThat(step.next().phase()).isEqualTo(Phase.FOUNDING);
    assertThat(step.next().term()).isEqualTo(5);
    for (NodeAddress node : List.of(S1, S2, S3)) {
      step = step.next().promised(promise(node, 5, ClusterView.NONE), 0);
      assertThat(step.actions()).isEmpty();
    }
  }

  @Test
  void goesOnAskingForPromisesWhileItDirects() {
    assertThat(republished().outstanding())
        .containsExactly(
            new ProposerAction.AskTerm(new TermRequest(2, M1, SampleViews.CLUSTER, false)),
            new ProposerAction.Commit(V1.inTerm(2)));
    assertThat(Proposer.idle(VoteRules.SOUND, M1, 0).outstanding()).isEmpty();
  }
}
