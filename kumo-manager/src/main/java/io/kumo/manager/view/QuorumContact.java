package io.kumo.manager.view;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When this manager last had no connection to a quorum. Confined to the manager's loop. */
final class QuorumContact {
  private @Nullable Long lostNs;

  /**
   * To be told several times in the length of a lease.
   *
   * @param reachable nodes to which there is a connection, this one included
   */
  void reached(Voters voters, Set<NodeAddress> reachable, long nowNs) {
    Set<Voter> there = new HashSet<>(voters.members());
    there.removeIf(voter -> !reachable.contains(voter.address()));
    if (!voters.isQuorum(there)) {
      lostNs = nowNs;
    }
  }

  /** Whether no quorum was reached at some time in that span. */
  boolean wasLost(long withinNs, long nowNs) {
    return lostNs != null && nowNs - lostNs <= withinNs;
  }
}
