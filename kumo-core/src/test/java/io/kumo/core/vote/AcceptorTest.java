package io.kumo.core.vote;

import static io.kumo.core.view.SampleViews.CLUSTER;
import static io.kumo.core.view.SampleViews.M1;
import static io.kumo.core.view.SampleViews.M2;
import static io.kumo.core.view.SampleViews.S1;
import static io.kumo.core.view.SampleViews.S2;
import static io.kumo.core.view.SampleViews.S3;
import static io.kumo.core.view.SampleViews.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.Acceptance.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptorTest {
  private static final long LEASE_NS = ViewSettings.DEFAULT.leaseNs();
  private static final long GRACE_NS = ViewSettings.DEFAULT.graceNs();
  private static final ClusterView V1 = SampleViews.first();
  private static final ClusterView V2 =
      V1.next(V1.voters(), V1.electorate().managers()).withLayout(SampleViews.layout(S1, S3));

  /** Of S1, as it was started long ago. */
  private static Acceptor voted() {
    VoteState kept = new VoteState(voter(S1), 1, 1, V1);
    return Acceptor.started(VoteRules.SOUND, kept, -10 * GRACE_NS);
  }

  private static TermRequest asks(NodeAddress manager, long term) {
    return new TermRequest(term, manager, CLUSTER, false);
  }

  private static LeaseRequest lease(NodeAddress server, long process, ClusterView named) {
    return new LeaseRequest(voter(server), process, named.id(), CLUSTER);
  }

  private static Acceptor granted(Acceptor acceptor, NodeAddress server, ClusterView named) {
    Acceptor.Reply<LeaseAnswer> reply = acceptor.lease(lease(server, 1, named), 0);
    assertThat(reply.answer().granted()).isTrue();
    assertThat(reply.save()).isFalse();
    return reply.next();
  }

  private static Status status(Acceptor acceptor, ClusterView view, long nowNs) {
    return acceptor.publish(view, M1, nowNs).answer().status();
  }

  @Test
  void promisesEachTermOnceAndSavesItFirst() {
    Acceptor.Reply<Promise> reply = voted().promise(asks(M1, 2));
    assertThat(reply.answer()).isEqualTo(new Promise(voter(S1), true, 2, V1));
    assertThat(reply.save()).isTrue();
    for (NodeAddress manager : new NodeAddress[] {M1, M2}) {
      Acceptor.Reply<Promise> again = reply.next().promise(asks(manager, 2));
      assertThat(again.answer().granted()).isFalse();
      assertThat(again.save()).isFalse();
    }
  }

  @Test
  void promisesNothingToAManagerThatNoViewNamesUnlessAnOperatorSaysSo() {
    NodeAddress stranger = SampleViews.node(9);
    assertThat(voted().promise(asks(stranger, 2)).answer().granted()).isFalse();
    TermRequest ordered = new TermRequest(2, stranger, CLUSTER, true);
    assertThat(voted().promise(ordered).answer().granted()).isTrue();
    TermRequest foreign = new TermRequest(2, M1, CLUSTER + 1, true);
    assertThat(voted().promise(foreign).answer().granted()).isFalse();
  }

  @Test
  void followsTheManagersOfTheViewBefore() {
    ClusterView moved = V1.next(V1.voters(), List.of(SampleViews.node(9)));
    Acceptor acceptor = voted().publish(moved, M1, 0).next();
    assertThat(acceptor.promise(asks(M1, 2)).answer().granted()).isTrue();
    assertThat(acceptor.promise(asks(SampleViews.node(9), 2)).answer().granted()).isTrue();
  }

  @Test
  void refusesViewsBelowItsTermAndAcceptsAboveIt() {
    Acceptor promised = voted().promise(asks(M2, 5)).next();
    assertThat(status(promised, V2, 0)).isEqualTo(Status.REFUSED);
    assertThat(promised.publish(V2, M1, 0).answer().term()).isEqualTo(5);
    Acceptor.Reply<Acceptance> accepted = promised.publish(V1.inTerm(6), M1, 0);
    assertThat(accepted.answer().status()).isEqualTo(Status.ACCEPTED);
    assertThat(accepted.save()).isTrue();
    assertThat(accepted.next().vote().term()).isEqualTo(6);
    assertThat(accepted.next().promise(asks(M2, 6)).answer().granted()).isFalse();
  }

  @Test
  void acceptsTheSameViewAgainWithoutSavingAndAnOlderOneNoMore() {
    Acceptor accepted = voted().publish(V2, M1, 0).next();
    Acceptor.Reply<Acceptance> again = accepted.publish(V2, M1, 0);
    assertThat(again.answer().status()).isEqualTo(Status.ACCEPTED);
    assertThat(again.save()).isFalse();
    assertThat(status(accepted, V1, 0)).isEqualTo(Status.REFUSED);
  }

  @Test
  void anotherClustersViewIsForeignAndAChildsIsNot() {
    Electorate reachable =
        new Electorate(SampleViews.voters(S1), Voters.NONE, V1.electorate().managers(), List.of());
    ClusterView child = V1.forced(2, 99, reachable);
    Acceptor moved = voted().publish(child, M1, 0).next();
    assertThat(moved.vote().accepted()).isEqualTo(child);
    assertThat(status(moved, V2.inTerm(7), 0)).isEqualTo(Status.FOREIGN);
    assertThat(status(voted(), child.forced(3, 100, reachable), 0)).isEqualTo(Status.FOREIGN);
  }

  @Test
  void waitsUntilEveryOtherServerWithALeaseNamesTheView() {
    Acceptor acceptor = granted(granted(voted(), S2, V1), S3, V1);
    Acceptor waiting = acceptor.publish(V2, M1, 1).next();
    assertThat(status(acceptor, V2, 1)).isEqualTo(Status.WAITING);
    assertThat(waiting.vote()).isEqualTo(acceptor.vote());
    Acceptor one = granted(waiting, S2, V2);
    assertThat(status(one, V2, 1)).isEqualTo(Status.WAITING);
    assertThat(status(granted(one, S3, V2), V2, 1)).isEqualTo(Status.ACCEPTED);
  }

  @Test
  void waitsForALeaseToEndByItsOwnClockAndATenthMore() {
    Acceptor acceptor = granted(voted(), S2, V1);
    assertThat(status(acceptor, V2, GRACE_NS - 1)).isEqualTo(Status.WAITING);
    assertThat(status(acceptor, V2, GRACE_NS)).isEqualTo(Status.ACCEPTED);
    assertThat(GRACE_NS).isEqualTo(LEASE_NS * 11 / 10);
  }

  @Test
  void doesNotWaitForItsOwnServer() {
    assertThat(status(granted(voted(), S1, V1), V2, 0)).isEqualTo(Status.ACCEPTED);
  }

  @Test
  void whileAViewWaitsItGrantsOnlyWhoNamesItAndShowsItToOthers() {
    Acceptor waiting = granted(voted(), S2, V1).publish(V2, M1, 0).next();
    LeaseAnswer refused = waiting.lease(lease(S2, 1, V1), 0).answer();
    assertThat(refused).isEqualTo(new LeaseAnswer(voter(S1), false, V2));
    assertThat(waiting.lease(lease(S2, 1, V2), 0).answer().granted()).isTrue();
  }

  @Test
  void aRequestThatWasOvertakenTakesNothingBack() {
    Acceptor acceptor = granted(voted(), S2, V2);
    acceptor = granted(acceptor, S2, V1);
    assertThat(status(acceptor, V2, 0)).isEqualTo(Status.ACCEPTED);
  }

  @Test
  void aLaterProcessEndsTheLeasesOfTheOneBefore() {
    Acceptor acceptor = granted(voted(), S2, V1);
    Acceptor heard = acceptor.heardProcess(voter(S2), 2);
    assertThat(status(heard, V2, 0)).isEqualTo(Status.ACCEPTED);
    Acceptor later = acceptor.lease(lease(S2, 2, V2), 0).next();
    assertThat(status(later, V2, 0)).isEqualTo(Status.ACCEPTED);
    assertThat(later.lease(lease(S2, 1, V1), 0).answer().granted()).isFalse();
    assertThat(status(acceptor.released(voter(S2), 1), V2, 0)).isEqualTo(Status.ACCEPTED);
  }

  @Test
  void afterAStartAcceptsNothingForAsLongAsALeaseMayLast() {
    VoteState kept = new VoteState(voter(S1), 2, 1, V1);
    Acceptor started = Acceptor.started(VoteRules.SOUND, kept, 0);
    assertThat(status(started, V2, GRACE_NS - 1)).isEqualTo(Status.WAITING);
    assertThat(status(started, V2, GRACE_NS)).isEqualTo(Status.ACCEPTED);
    Acceptor fresh = Acceptor.started(VoteRules.SOUND, VoteState.fresh(voter(S1)), 0);
    assertThat(status(fresh, V1, 0)).isEqualTo(Status.ACCEPTED);
  }

  @Test
  void wouldFollowNobodyElseWhileItHearsADirector() {
    Acceptor hears = voted().publish(V2, M1, 0).next();
    assertThat(hears.preVote(asks(M2, 2)).granted()).isFalse();
    assertThat(hears.preVote(asks(M1, 2)).granted()).isTrue();
    assertThat(hears.lost(M1).preVote(asks(M2, 2)).granted()).isTrue();
    assertThat(hears.lost(S2).preVote(asks(M2, 2)).granted()).isFalse();
    Acceptor above = hears.promise(asks(M1, 4)).next();
    assertThat(above.publish(V2, M1, 0).next().preVote(asks(M2, 2)).granted()).isTrue();
  }
}
