package io.kumo.manager.rebalance;

/**
 * A wait that each new event starts afresh: only when nothing has happened for the whole delay does
 * it elapse, once. Confined to one thread; the time comes in.
 */
public final class QuietPeriod {
  private boolean armed;
  private long dueNs;

  /** Starts the wait, or starts it afresh. */
  public void restart(long nowNs, long delayNs) {
    armed = true;
    dueNs = nowNs + delayNs;
  }

  public void cancel() {
    armed = false;
  }

  public boolean isArmed() {
    return armed;
  }

  /** Whether the wait is over; true once. */
  public boolean elapsed(long nowNs) {
    if (!armed || nowNs - dueNs < 0) {
      return false;
    }
    armed = false;
    return true;
  }
}
