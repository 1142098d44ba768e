package io.kumo.core.vote;

import static io.kumo.core.view.SampleViews.M1;
import static io.kumo.core.view.SampleViews.S1;
import static io.kumo.core.view.SampleViews.S2;
import static io.kumo.core.view.SampleViews.S3;
import static io.kumo.core.view.SampleViews.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.ViewSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseHolderTest {
  private static final long LEASE_MS = ViewSettings.DEFAULT_LEASE_MS;
  private static final ClusterView V1 = SampleViews.first();
  private static final ClusterView WITHOUT_S2 =
      V1.next(V1.voters(), V1.electorate().managers()).withLayout(SampleViews.layout(S1, S3));
  private static final ClusterView WITHOUT_S1 =
      V1.next(V1.voters(), V1.electorate().managers()).withLayout(SampleViews.layout(S2, S3));
  private static final long HASH = SampleViews.hashOf(S1);

  private static ClockReading at(long ms) {
    return new ClockReading(ms * 1_000_000, ms);
  }

  private static LeaseHolder holding(ClusterView installed, NodeAddress... by) {
    LeaseHolder holder = LeaseHolder.started(VoteRules.SOUND, S1, installed, ClusterView.NONE);
    for (NodeAddress voter : by) {
      holder = holder.granted(voter(voter), at(0), at(500));
    }
    return holder;
  }

  private static LeaseHolder noting(LeaseHolder holder, ClusterView view) {
    return holder.note(view, 0).next();
  }

  @Test
  void coordinatesUnderLeasesThatNoQuorumCanDoWithout() {
    assertThat(holding(V1, S1, S2).coordinates(HASH, at(0))).isFalse();
    assertThat(holding(V1, S1, S2, M1).coordinates(HASH, at(0))).isTrue();
    assertThat(holding(V1, S1, S2, M1).coordinates(SampleViews.hashOf(S2), at(0))).isFalse();
  }

  @Test
  void countsALeaseFromWhenItWasAskedFor() {
    LeaseHolder holder = holding(V1, S1, S2, M1);
    assertThat(holder.coordinates(HASH, at(LEASE_MS - 1))).isTrue();
    assertThat(holder.coordinates(HASH, at(LEASE_MS))).isFalse();
  }

  @Test
  void anyOfTheTwoClocksEndsIt() {
    LeaseHolder holder = holding(V1, S1, S2, M1);
    assertThat(holder.hasLease(new ClockReading(0, LEASE_MS))).isFalse();
    assertThat(holder.hasLease(new ClockReading(LEASE_MS * 1_000_000, 0))).isFalse();
    assertThat(holder.hasLease(new ClockReading(0, -1))).isFalse();
    assertThat(holder.hasLease(new ClockReading(0, 0))).isTrue();
  }

  @Test
  void anAnswerThatWasOvertakenShortensNothing() {
    LeaseHolder holder = holding(V1, S1, S2, M1);
    for (NodeAddress voter : List.of(S1, S2, M1)) {
      holder = holder.granted(voter(voter), at(900), at(901));
      holder = holder.granted(voter(voter), at(100), at(902));
    }
    assertThat(holder.hasLease(at(900 + LEASE_MS - 1))).isTrue();
  }

  @Test
  void stopsAsSoonAsItNotesAViewThatGivesTheKeyToAnother() {
    LeaseHolder holder = holding(V1, S1, S2, M1);
    assertThat(noting(holder, WITHOUT_S2).coordinates(HASH, at(0))).isTrue();
    assertThat(noting(holder, WITHOUT_S1).coordinates(HASH, at(0))).isFalse();
  }

  @Test
  void goesOnWhenALaterDirectorTakesTheOldViewUpAgain() {
    LeaseHolder noted = noting(holding(V1, S1, S2, M1), WITHOUT_S1);
    assertThat(noting(noted, V1.inTerm(2)).coordinates(HASH, at(0))).isTrue();
  }

  @Test
  void doesNotCoordinateByViewsTwoVersionsApart() {
    ClusterView again =
        WITHOUT_S1.next(V1.voters(), List.of(M1)).withLayout(SampleViews.layout(S1, S2, S3));
    LeaseHolder holder = noting(holding(V1, S1, S2, M1), again);
    assertThat(holder.noted()).isEqualTo(again);
    assertThat(holder.coordinates(HASH, at(0))).isFalse();
  }

  @Test
  void notesNothingBelowTheTermOfItsOwnVote() {
    LeaseHolder holder = holding(V1, S1, S2, M1);
    assertThat(holder.note(WITHOUT_S1, 2).next()).isEqualTo(holder);
  }

  @Test
  void aPublishedViewProvesThatTheOneBeforeWasCommitted() {
    LeaseHolder noted = noting(holding(V1), WITHOUT_S2);
    ClusterView third = WITHOUT_S2.next(V1.voters(), List.of(M1));
    LeaseHolder.Advance advance = noted.note(third, 0);
    assertThat(advance.installs()).containsExactly(new LeaseHolder.Install(WITHOUT_S2, false));
    assertThat(advance.next().installed()).isEqualTo(WITHOUT_S2);
    assertThat(noted.note(third.inTerm(2), 0).installs()).isEmpty();
  }

  @Test
  void aServerThatSkipsAVersionIsTold() {
    ClusterView third = WITHOUT_S2.next(V1.voters(), List.of(M1));
    assertThat(holding(V1).commit(third).installs())
        .containsExactly(new LeaseHolder.Install(third, true));
    assertThat(holding(V1).commit(WITHOUT_S2).installs())
        .containsExactly(new LeaseHolder.Install(WITHOUT_S2, false));
    assertThat(holding(WITHOUT_S2).commit(V1).installs()).isEmpty();
  }

  @Test
  void aVoterThatRefusesShowsTheViewToBeNoted() {
    VoteState own = new VoteState(voter(S1), 1, 1, V1);
    ServerVote vote = ServerVote.started(VoteRules.SOUND, own, V1, 0);
    LeaseAnswer refused = new LeaseAnswer(voter(S2), false, WITHOUT_S1);
    LeaseHolder holder = vote.leaseAnswered(refused, at(0), at(1)).next();
    assertThat(holder.noted()).isEqualTo(WITHOUT_S1);
    assertThat(holder.request(own).named()).isEqualTo(WITHOUT_S1.id());
  }
}
