package io.kumo.server.repair;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.write.Backoff;
import io.kumo.server.write.FetchReply;
import org.jspecify.annotations.Nullable;

/** One replica's part in a takeover: asked, answered, asked again. Main loop only. */
final class ReplicaFetch implements FetchReply {
  /** Where this replica is. */
  private enum State {
    /** Is being asked, or waits before it is asked again. */
    ASKING,
    /** Has said what it has. */
    DONE,
    /** No longer of interest. */
    DROPPED
  }

  private final KeyTakeover takeover;
  private final NodeAddress replica;
  private final boolean former;
  private State state = State.ASKING;
  private int failures;
  private @Nullable Cancellable pause;

  /**
   * @param former whether it is a replica no longer: that it lacks the record is as it should be
   */
  ReplicaFetch(KeyTakeover takeover, NodeAddress replica, boolean former) {
    this.takeover = takeover;
    this.replica = replica;
    this.former = former;
  }

  NodeAddress replica() {
    return replica;
  }

  boolean isDone() {
    return state == State.DONE;
  }

  void send() {
    pause = null;
    if (state == State.ASKING) {
      takeover.call(replica, this);
    }
  }

  void drop() {
    state = State.DROPPED;
    if (pause != null) {
      pause.cancel();
      pause = null;
    }
  }

  @Override
  public void fetched(FetchResult result) {
    if (state != State.ASKING) {
      return;
    }
    if (result.status() == FetchResult.Status.REFUSED) {
      ClusterView theirs = result.view();
      takeover.fenced(replica, theirs == null ? ClusterView.EMPTY : theirs, failures);
      failed("refused by " + replica);
      return;
    }
    state = State.DONE;
    takeover.fetched(result, former);
  }

  @Override
  public void unsupported() {
    if (state == State.ASKING) {
      state = State.DONE;
      takeover.unsupported();
    }
  }

  /**
   * Asked again until the deadline of the takeover, or until the hash spaces say that it is gone.
   */
  @Override
  public void failed(String reason) {
    if (state == State.ASKING) {
      failures++;
      pause = takeover.schedule(Backoff.delayNs(failures, replica.hashCode()), this::send);
    }
  }
}
