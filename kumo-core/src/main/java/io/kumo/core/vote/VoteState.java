package io.kumo.core.vote;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;

/**
 * What a voter never forgets: it is on disk before the voter answers. Immutable.
 *
 * @param process how often this vote was taken up by a process, the present one included; a greater
 *     number is a later process
 * @param term greatest that was promised or accepted
 * @param accepted newest view that was accepted, {@link ClusterView#NONE} for none; its term is not
 *     above {@code term}
 */
public record VoteState(Voter self, long process, long term, ClusterView accepted) {
  public VoteState {
    if (accepted.term() > term) {
      throw new IllegalArgumentException("accepted " + accepted.id() + " in term " + term);
    }
  }

  /** Of a voter that has just drawn its id. */
  public static VoteState fresh(Voter self) {
    return new VoteState(self, 1, 0, ClusterView.NONE);
  }

  VoteState promised(long newTerm) {
    return new VoteState(self, process, newTerm, accepted);
  }

  VoteState accepted(ClusterView view) {
    return new VoteState(self, process, view.term(), view);
  }

  /** As the next process takes it up. */
  public VoteState restarted() {
    return new VoteState(self, process + 1, term, accepted);
  }
}
