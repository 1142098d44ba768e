package io.kumo.core.rpc;

import org.jspecify.annotations.Nullable;

/**
 * What all connections of one endpoint hold together, and what became of that which went beyond a
 * bound. Confined to the loop, except {@link #statistics}.
 */
final class Flow {
  private final long maxUnsentBytes;
  private long unsentBytes;
  private long heldBytes;
  private long parks;
  private long late;
  private long unanswered;
  private long refusedCalls;
  private long stalled;
  private long cutTurns;
  private long malformed;
  private volatile @Nullable RpcStatistics statistics;

  /**
   * @param maxUnsentBytes beyond which only connections that hold nothing are given more to send
   */
  Flow(long maxUnsentBytes) {
    this.maxUnsentBytes = maxUnsentBytes;
  }

  void unsent(long change) {
    unsentBytes += change;
  }

  void held(long change) {
    heldBytes += change;
  }

  /** Whether a connection with so much unsent has to wait because all together hold too much. */
  boolean isFull(long unsentHere) {
    return unsentHere > 0 && unsentBytes > maxUnsentBytes;
  }

  void parked() {
    parks++;
  }

  /** A request whose asker has gone or waits no longer was dropped. */
  void droppedLate() {
    late++;
  }

  /** A request was dropped because its asker does not take what is sent to it. */
  void droppedUnanswered() {
    unanswered++;
  }

  void refusedCall() {
    refusedCalls++;
  }

  void closedStalled() {
    stalled++;
  }

  void cutTurn() {
    cutTurns++;
  }

  /** A connection was closed because of bytes that are not messages. */
  void closedMalformed() {
    malformed++;
  }

  /** Shows the present statistics to other threads. */
  void publish(int connections, int unproved, int pendingCalls, int waiting) {
    statistics =
        new RpcStatistics(
            connections,
            unproved,
            pendingCalls,
            waiting,
            unsentBytes,
            heldBytes,
            parks,
            late,
            unanswered,
            refusedCalls,
            stalled,
            cutTurns,
            malformed);
  }

  /** As published last. Any thread. */
  RpcStatistics statistics() {
    RpcStatistics published = statistics;
    return published == null ? RpcStatistics.NONE : published;
  }
}
