package io.kumo.core.net;

import io.kumo.core.clock.TimeSource;

/**
 * Decides whether an event loop looks for ready sockets before it blocks, and for how long.
 *
 * <p>To look in vain costs its time from a budget, which every look with success fills by a share
 * of the time since the one before. So a loop that is busy, but not with one request after the
 * other, spends at most that share of its time in vain; and one that has no traffic looks at every
 * {@value #PROBE_INTERVAL}th wait only, which is next to nothing. Confined to one loop.
 */
final class BusyPollBudget {
  /** Of the time, one part in so many may be spent in vain. */
  static final int SHARE = 16;

  /** Waits from one look to the next when the budget is spent. */
  static final int PROBE_INTERVAL = 16;

  /** The budget is at most so many looks. */
  private static final int MAX_LOOKS = 10;

  private final TimeSource time;
  private final long limitNs;
  private long budgetNs;
  private long cameNs;
  private long beganNs;
  private int waits;

  /**
   * @param limitNs of one look; 0 for never
   */
  BusyPollBudget(TimeSource time, long limitNs) {
    this.time = time;
    this.limitNs = limitNs;
    this.budgetNs = MAX_LOOKS * limitNs;
    this.cameNs = time.nanoTime();
  }

  /** Whether to look before this wait. */
  boolean begin() {
    if (limitNs == 0 || (budgetNs < limitNs && ++waits % PROBE_INTERVAL != 0)) {
      return false;
    }
    beganNs = time.nanoTime();
    return true;
  }

  /** Something came. */
  void succeeded() {
    long nowNs = time.nanoTime();
    budgetNs = Math.min(MAX_LOOKS * limitNs, budgetNs + (nowNs - cameNs) / SHARE);
    cameNs = nowNs;
  }

  /** Whether to look on; false ends the look, which was in vain. */
  boolean goesOn() {
    long spentNs = time.nanoTime() - beganNs;
    if (spentNs < limitNs) {
      return true;
    }
    budgetNs = Math.max(0, budgetNs - spentNs);
    return false;
  }
}
