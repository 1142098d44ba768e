package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import java.util.Collection;

/**
 * What makes votes and leases safe, as rules that tests break one at a time. Daemons go by {@link
 * #SOUND}.
 *
 * <p>Stateless; any thread.
 */
public class VoteRules {
  public static final VoteRules SOUND = new VoteRules();

  /** Leaves everything as it is right. */
  protected VoteRules() {}

  /** Whether a vote that has changed is durable before it is told. */
  public boolean savesVotes() {
    return true;
  }

  /** Whether a voter that has promised {@code promised} may promise {@code asked}. */
  public boolean mayPromise(long asked, long promised) {
    return asked > promised;
  }

  /**
   * Whether a process may go on with a vote that it finds.
   *
   * @param bound whether the vote was kept for this address, on this disk
   */
  public boolean mayTakeUp(boolean bound) {
    return bound;
  }

  /** Whether those who promised a term make its director, if this is the newest they accepted. */
  public boolean hasWon(ClusterView newest, Collection<Voter> promised) {
    return newest.voters().isQuorum(promised) && isFormerQuorum(newest, promised);
  }

  /** Whether those who accepted a view commit it. */
  public boolean isCommitted(ClusterView view, Collection<Voter> accepted) {
    return view.voters().isQuorum(accepted) && isFormerQuorum(view, accepted);
  }

  /** Whether these are a quorum of the voters before a view. */
  public boolean isFormerQuorum(ClusterView view, Collection<Voter> votes) {
    return view.formerVoters().isQuorum(votes);
  }

  /** Whether a view may name these voters. */
  public boolean mayName(Voters voters, Collection<Voter> before, Collection<Voter> promised) {
    return voters.isQuorum(promised)
        && voters.members().stream().allMatch(v -> before.contains(v) || promised.contains(v));
  }

  /** What a director of a new term publishes first. */
  public ClusterView republished(ClusterView newest, long term) {
    return newest.inTerm(term);
  }

  /** Whether a director may publish a change. */
  public boolean mayPublish(boolean republished, boolean pending) {
    return republished && !pending;
  }

  /** From when on a holder counts a lease. */
  public ClockReading countedFrom(ClockReading sent, ClockReading received) {
    return sent;
  }

  /** Until when a voter that starts accepts nothing. */
  public long quietUntilNs(long startedNs, ViewSettings settings) {
    return startedNs + settings.graceNs();
  }

  /** Whether a voter that would accept a view has to wait for this server to know of it. */
  public boolean waitsFor(Voter unaware, ClusterView accepted, ClusterView view) {
    return true;
  }

  /**
   * The view that a server names when it asks for leases.
   *
   * @param noted newest that it has noted
   * @param accepted newest that its own vote has accepted
   */
  public ViewId named(ViewId noted, ViewId accepted) {
    return noted;
  }

  /** Whether views let a server coordinate a key, apart from its lease. */
  public boolean coordinates(
      NodeAddress server, long hash, ClusterView installed, ClusterView noted) {
    boolean near =
        noted.version() == installed.version() || noted.version() == installed.version() + 1;
    return near && installed.isCoordinator(server, hash) && noted.isCoordinator(server, hash);
  }

  /**
   * Whether a record that was read under a lease may be told.
   *
   * @param before whether the server was the coordinator before it read
   * @param after whether it is after
   */
  public boolean mayTell(boolean before, boolean after) {
    return after;
  }
}
