package io.kumo.core.voter;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;

/** Hears what a {@link VoterService} comes to know, on its loop and within the turn. */
public interface VoteListener {
  /** A view has been published, or shown by a voter, that this node did not know. */
  default void noted(ClusterView view) {}

  /** The views or the leases that this node acts by are others than before. */
  default void changed() {}

  /** A server has given its leases back, as it is about to stop. */
  default void released(Voter holder) {}
}
