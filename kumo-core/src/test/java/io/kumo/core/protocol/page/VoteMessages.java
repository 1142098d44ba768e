package io.kumo.core.protocol.page;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.votes.AskFirst;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.ForceView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.votes.ReleaseLease;
import io.kumo.core.protocol.votes.ReportHealth;
import io.kumo.core.protocol.votes.RequestLease;
import io.kumo.core.protocol.votes.RequestTerm;
import io.kumo.core.protocol.votes.ViewCodec;
import io.kumo.core.protocol.votes.VoteAnswers;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewMember;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.LeaseAnswer;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.PreVote;
import io.kumo.core.vote.Promise;
import io.kumo.core.vote.TermRequest;
import java.util.List;

/** Messages of votes and leases, and the view that they are about. */
final class VoteMessages {
  private static final Voter VOTER = new Voter(SampleBytes.SERVER, 0x33);
  private static final long CLUSTER = 0x44;
  private static final String VIEW = "view, as below; here none";

  private static final String[] ASKED = {
    "term", "manager that asks", "cluster", "by an operator's word"
  };

  private static final String[] VIEW_WORDS = {
    "term",
    "version",
    "cluster",
    "cluster that it came from by force, else 0",
    "layout",
    "write hash space",
    "nodes",
    "1 active or 0 fault, and the address",
    "ClockTime",
    "read hash space",
    "nodes",
    "1 active or 0 fault, and the address",
    "ClockTime",
    "copies",
    "servers",
    "server",
    "address",
    "capabilities",
    "incarnation",
    "zone: east",
    "rebalance",
    "phase",
    "ClockTime that names it",
    "full",
    "ClockTime of the write hash space whose cleanup has ended everywhere",
    "flush",
    "records up to this ClockTime are absent",
    "ClockTime of the order for a later one",
    "unix seconds when that is due",
    "settings",
    "length of a lease, ms",
    "rebalance automatically",
    "votes decide",
    "electorate",
    "voters",
    "all of them",
    "voter",
    "address",
    "id",
    "tie-breaker",
    "voters of the view before",
    "all of them",
    "tie-breaker",
    "managers",
    "manager",
    "managers of the view before",
    "manager"
  };

  private VoteMessages() {}

  static List<WireEntry> all() {
    TermRequest term = new TermRequest(9, SampleBytes.MANAGER, CLUSTER, false);
    LeaseRequest lease = new LeaseRequest(VOTER, 3, new ViewId(4, 5), CLUSTER);
    return List.of(
        WireEntry.of(new AskFirst(term), ASKED)
            .gives(
                out -> VoteAnswers.write(out, new PreVote(VOTER, true, 8, ClusterView.NONE)),
                VoteAnswers::readPreVote,
                vote()),
        WireEntry.of(new RequestTerm(term), ASKED)
            .gives(
                out -> VoteAnswers.write(out, new Promise(VOTER, true, 9, ClusterView.NONE)),
                VoteAnswers::readPromise,
                vote()),
        shown(new PublishView(ClusterView.NONE, SampleBytes.MANAGER))
            .gives(
                out ->
                    VoteAnswers.write(
                        out,
                        new Acceptance(VOTER, Acceptance.Status.ACCEPTED, new ViewId(9, 1), 9)),
                VoteAnswers::readAcceptance,
                "voter",
                "address",
                "id",
                "status",
                "term of the view",
                "its version",
                "term that the voter has promised"),
        shown(new CommitView(ClusterView.NONE, SampleBytes.MANAGER)).givesNil(),
        WireEntry.of(
                new RequestLease(lease),
                "holder",
                "address",
                "id",
                "number of the process",
                "term of the newest view that it has noted",
                "its version",
                "cluster")
            .gives(
                out -> VoteAnswers.write(out, new LeaseAnswer(VOTER, true, ClusterView.NONE)),
                VoteAnswers::readLeaseAnswer,
                "voter",
                "address",
                "id",
                "granted",
                "the voter's newest view, where the holder lacks it; else nil"),
        WireEntry.of(new ReleaseLease(VOTER, 3), "holder", "address", "id", "number of the process")
            .givesNil(),
        WireEntry.of(new ForceView(51), "id of the cluster that has no quorum").givesNil(),
        WireEntry.of(
                new ReportHealth(true, List.of(VOTER.address())),
                "whether its disk is full",
                "servers that it does not reach",
                "address")
            .givesNil());
  }

  private static WireEntry.Unanswered shown(Message message) {
    return WireEntry.of(message, VIEW, "director");
  }

  private static String[] vote() {
    return new String[] {
      "voter",
      "address",
      "id",
      "granted",
      "the voter's term",
      "view that it has accepted; here none"
    };
  }

  /** One server, which is the one voter, and one manager. */
  static WireSample view() {
    HashSpace space =
        HashSpace.of(List.of(new Node(SampleBytes.SERVER, true)), SampleBytes.SPACE_TIME);
    ViewMember member = new ViewMember(SampleBytes.SERVER, 0x7f, 0x22, "east");
    ViewLayout layout =
        new ViewLayout(new HashSpaces(space, space), List.of(member), OpenRebalance.NONE, 0);
    Voters voters = new Voters(List.of(VOTER), null);
    List<NodeAddress> managers = List.of(SampleBytes.MANAGER);
    ClusterView view =
        new ClusterView(
            new ViewId(1, 2),
            new ClusterId(CLUSTER, 0),
            layout,
            ViewFlush.NONE,
            ViewSettings.DEFAULT,
            new Electorate(voters, Voters.NONE, managers, managers));
    return WireSample.of(out -> ViewCodec.write(out, view), VIEW_WORDS);
  }
}
