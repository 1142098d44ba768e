package io.kumo.manager.rebalance;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.SortedSet;

/** What the director wants done, in this order. */
public sealed interface RebalanceAction {
  /** Ask the server to copy what its new owners lack. */
  record StartCopy(NodeAddress server, HashSpace write, boolean full) implements RebalanceAction {}

  /** Ask the server to remove what it no longer owns. */
  record StartDelete(NodeAddress server, HashSpace write) implements RebalanceAction {}

  /** All records are where the write hash space says: make it the read hash space, too. */
  record FollowReads(long replaceTime) implements RebalanceAction {}

  /** The rebalance is done. */
  record Finish(long replaceTime) implements RebalanceAction {}

  /**
   * The rebalance is given up, because these servers made no progress.
   *
   * @param retryNs until it is tried again
   */
  record Abandon(long replaceTime, SortedSet<NodeAddress> waitingFor, long retryNs)
      implements RebalanceAction {}
}
