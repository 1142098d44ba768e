package io.kumo.manager.rebalance;

/** Where a rebalance stands. */
public enum RebalancePhase {
  /** No rebalance is running. */
  IDLE,
  /** A new layout is being made known: what servers tell counts only when they have heard of it. */
  PUBLISHING,
  /** Only servers that are not there have some of the records: copying waits for them. */
  HELD,
  /** Servers copy records to their new owners; reads follow the old layout. */
  COPYING,
  /** Reads follow the new layout; servers remove what they no longer own. */
  DELETING,
  /** Given up for want of progress; it is tried again after a while. */
  RETRYING;

  /** Whether a rebalance is under way. */
  public boolean isRunning() {
    return switch (this) {
      case IDLE, RETRYING -> false;
      case PUBLISHING, HELD, COPYING, DELETING -> true;
    };
  }

  /** Whether one is under way and reads still follow the old layout. */
  public boolean isBeforeReadsFollow() {
    return switch (this) {
      case PUBLISHING, HELD, COPYING -> true;
      case IDLE, DELETING, RETRYING -> false;
    };
  }
}
