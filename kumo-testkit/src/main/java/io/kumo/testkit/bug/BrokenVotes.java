package io.kumo.testkit.bug;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.ClockReading;
import io.kumo.core.vote.VoteRules;
import java.util.Collection;

/** Rules of votes and leases, each with one of them broken. */
final class BrokenVotes {
  private BrokenVotes() {}

  static final class NotDurable extends VoteRules {
    @Override
    public boolean savesVotes() {
      return false;
    }
  }

  static final class PromisedTwice extends VoteRules {
    @Override
    public boolean mayPromise(long asked, long promised) {
      return asked >= promised;
    }
  }

  static final class NewVotersAlone extends VoteRules {
    @Override
    public boolean isFormerQuorum(ClusterView view, Collection<Voter> votes) {
      return true;
    }
  }

  static final class DeadNewcomers extends VoteRules {
    @Override
    public boolean mayName(Voters voters, Collection<Voter> before, Collection<Voter> promised) {
      return true;
    }
  }

  static final class CountedFromReceipt extends VoteRules {
    @Override
    public ClockReading countedFrom(ClockReading sent, ClockReading received) {
      return received;
    }
  }

  static final class CheckedBeforeRead extends VoteRules {
    @Override
    public boolean mayTell(boolean before, boolean after) {
      return before;
    }
  }

  static final class WaitsForDemotedAlone extends VoteRules {
    @Override
    public boolean waitsFor(Voter unaware, ClusterView accepted, ClusterView view) {
      NodeAddress server = unaware.address();
      return accepted.layout().spaces().write().isActive(server)
          && !view.layout().spaces().write().isActive(server);
    }
  }

  static final class InstalledAlone extends VoteRules {
    @Override
    public boolean coordinates(
        NodeAddress server, long hash, ClusterView installed, ClusterView noted) {
      return installed.isCoordinator(server, hash);
    }
  }

  static final class TwoVersionsApart extends VoteRules {
    @Override
    public boolean coordinates(
        NodeAddress server, long hash, ClusterView installed, ClusterView noted) {
      return installed.isCoordinator(server, hash) && noted.isCoordinator(server, hash);
    }
  }

  static final class NamesAccepted extends VoteRules {
    @Override
    public ViewId named(ViewId noted, ViewId accepted) {
      return accepted;
    }
  }

  static final class ForgetsGrants extends VoteRules {
    @Override
    public long quietUntilNs(long startedNs, ViewSettings settings) {
      return startedNs;
    }
  }

  static final class RestoredVotes extends VoteRules {
    @Override
    public boolean mayTakeUp(boolean bound) {
      return true;
    }
  }

  static final class RepublishedToOthers extends VoteRules {
    @Override
    public ClusterView republished(ClusterView newest, long term) {
      Electorate now = newest.electorate();
      ClusterView again = newest.inTerm(term);
      return new ClusterView(
          again.id(),
          again.cluster(),
          again.layout(),
          again.flush(),
          again.settings(),
          new Electorate(now.voters(), now.voters(), now.managers(), now.formerManagers()));
    }
  }

  static final class NotRepublished extends VoteRules {
    @Override
    public boolean mayPublish(boolean republished, boolean pending) {
      return !republished || !pending;
    }
  }

  static final class SecondChangeBeforeFirst extends VoteRules {
    @Override
    public boolean mayPublish(boolean republished, boolean pending) {
      return republished;
    }
  }

  static final class CommittedEarly extends VoteRules {
    @Override
    public boolean isCommitted(ClusterView view, Collection<Voter> accepted) {
      return !accepted.isEmpty();
    }
  }

  static final class OtherTieBreaker extends VoteRules {
    @Override
    public boolean isFormerQuorum(ClusterView view, Collection<Voter> votes) {
      return view.formerVoters().isQuorum(votes, view.voters().hasTieBreaker(votes));
    }
  }
}
