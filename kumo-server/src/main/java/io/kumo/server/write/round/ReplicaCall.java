package io.kumo.server.write.round;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.replica.FetchReply;
import io.kumo.server.replica.ReplicaReply;
import org.jspecify.annotations.Nullable;

/**
 * One replica's part in one phase of a {@link ReplicationRound}: called, answered, called again.
 * Hears the answers to its calls, of which at most one is under way. Main loop only.
 */
final class ReplicaCall implements ReplicaReply, FetchReply {
  /** Why this replica counts. */
  enum Claim {
    /** It is a replica of the key in the write hash space. */
    WRITE_SPACE,
    /** Only the read hash space of a rebalance names it. */
    READ_SPACE,
    /** It was a replica before, and may hold a write that was never acknowledged. */
    FORMER
  }

  private enum CallState {
    /** Waits before it is called, or called again. */
    PAUSING,
    /** A call is under way. */
    CALLING,
    /** Has the record, or has said what it has. */
    DONE,
    /** No longer of interest: the round ended, or the replica left the hash space. */
    DROPPED
  }

  private final ReplicationRound round;
  private final NodeAddress replica;
  private final Claim claim;
  private CallState state = CallState.PAUSING;
  private int failures;
  private long calledUnder;
  private @Nullable Cancellable pause;

  ReplicaCall(ReplicationRound round, NodeAddress replica, Claim claim) {
    this.round = round;
    this.replica = replica;
    this.claim = claim;
  }

  NodeAddress replica() {
    return replica;
  }

  Claim claim() {
    return claim;
  }

  boolean isDone() {
    return state == CallState.DONE;
  }

  /**
   * A call is about to be made.
   *
   * @param writeClockTime of the write hash space that it is made by
   * @return false when none is wanted now
   */
  boolean begin(long writeClockTime) {
    if (state != CallState.PAUSING) {
      return false;
    }
    cancelPause();
    state = CallState.CALLING;
    calledUnder = writeClockTime;
    return true;
  }

  void drop() {
    cancelPause();
    state = CallState.DROPPED;
  }

  // ---- of a replica that was sent the record ----

  @Override
  public void stored() {
    if (state == CallState.CALLING) {
      state = CallState.DONE;
      round.answered();
    }
  }

  @Override
  public void haveNewer(long clockTime) {
    if (state == CallState.CALLING) {
      state = CallState.PAUSING;
    }
    round.overtaken(clockTime);
  }

  @Override
  public void refused(PublishedSpaces theirs) {
    boolean current = state == CallState.CALLING;
    if (current) {
      state = CallState.PAUSING;
    }
    round.fenced(replica, theirs, failures);
    if (current && state == CallState.PAUSING) {
      if (calledUnder != round.writeClockTime()) {
        round.call(this);
      } else {
        pause(refusal());
      }
    }
  }

  @Override
  public void full(String reason) {
    if (state == CallState.CALLING) {
      state = CallState.PAUSING;
      round.failed(reason);
    }
  }

  // ---- of a replica that was asked ----

  @Override
  public void fetched(FetchResult result) {
    if (state != CallState.CALLING) {
      return;
    }
    if (result.status() == FetchResult.Status.REFUSED) {
      PublishedSpaces theirs = result.view();
      round.fenced(replica, theirs == null ? PublishedSpaces.EMPTY : theirs, failures);
      failed(refusal());
      return;
    }
    state = CallState.DONE;
    round.answered(result, claim == Claim.FORMER);
  }

  /** It cannot be asked, and is left as it is. */
  @Override
  public void unsupported() {
    if (state == CallState.CALLING) {
      state = CallState.DONE;
      round.answered();
    }
  }

  // ---- of both ----

  @Override
  public void failed(String reason) {
    if (state == CallState.CALLING) {
      state = CallState.PAUSING;
      pause(replica + ": " + reason);
    }
  }

  private String refusal() {
    return "refused by " + replica;
  }

  private void pause(String reason) {
    failures++;
    if (failures > round.retryLimit()) {
      round.failed(reason);
      return;
    }
    pause = round.callLater(this, failures);
  }

  private void cancelPause() {
    if (pause != null) {
      pause.cancel();
      pause = null;
    }
  }
}
