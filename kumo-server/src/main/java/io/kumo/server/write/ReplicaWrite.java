package io.kumo.server.write;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * One replica's part in one write: sent, answered, tried again. At most one call is under way. Main
 * loop only.
 */
final class ReplicaWrite implements ReplicaReply {
  /** Where this replica is. */
  private enum State {
    /** A call is under way. */
    CALLING,
    /** Waits before it is tried again. */
    PAUSING,
    /** Has the record. */
    STORED,
    /** No longer of interest: the write ended, or the replica left the hash space. */
    DROPPED
  }

  private final ReplicaRound round;
  private final NodeAddress replica;
  private final boolean byRead;
  private State state = State.PAUSING;
  private int failures;
  private long calledUnder;
  private @Nullable Cancellable pause;

  /**
   * @param byRead whether only the read hash space asks for this replica
   */
  ReplicaWrite(ReplicaRound round, NodeAddress replica, boolean byRead) {
    this.round = round;
    this.replica = replica;
    this.byRead = byRead;
  }

  NodeAddress replica() {
    return replica;
  }

  boolean isStored() {
    return state == State.STORED;
  }

  /** Calls the replica now if it is neither being called nor done. */
  void send() {
    if (state != State.PAUSING) {
      return;
    }
    cancelPause();
    state = State.CALLING;
    calledUnder = round.writeClockTime();
    round.call(replica, byRead, this);
  }

  void drop() {
    cancelPause();
    state = State.DROPPED;
  }

  @Override
  public void stored() {
    if (state == State.CALLING) {
      state = State.STORED;
      round.stored();
    }
  }

  @Override
  public void haveNewer(long clockTime) {
    if (state == State.CALLING) {
      state = State.PAUSING;
    }
    round.overtaken(clockTime);
  }

  @Override
  public void refused(ClusterView theirs) {
    boolean current = state == State.CALLING;
    if (current) {
      state = State.PAUSING;
    }
    round.fenced(replica, theirs, failures);
    if (current && state == State.PAUSING) {
      if (calledUnder != round.writeClockTime()) {
        send();
      } else {
        pause("refused by " + replica);
      }
    }
  }

  @Override
  public void failed(String reason) {
    if (state == State.CALLING) {
      state = State.PAUSING;
      pause(replica + ": " + reason);
    }
  }

  @Override
  public void full(String reason) {
    if (state == State.CALLING) {
      state = State.PAUSING;
      round.failed(reason);
    }
  }

  private void pause(String reason) {
    failures++;
    if (failures > round.retryLimit()) {
      round.failed(reason);
      return;
    }
    pause = round.schedule(Backoff.delayNs(failures, replica.hashCode()), this::send);
  }

  private void cancelPause() {
    if (pause != null) {
      pause.cancel();
      pause = null;
    }
  }
}
