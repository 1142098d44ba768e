package io.kumo.manager.rebalance;

import java.time.Duration;

/**
 * How long a rebalance that was given up waits before it is tried again: twice as long each time,
 * until one has ended. Confined to one thread; the time comes in.
 */
final class RetryPause {
  static final long FIRST_NS = Duration.ofSeconds(30).toNanos();
  static final long LONGEST_NS = Duration.ofMinutes(10).toNanos();

  private long nextNs = FIRST_NS;
  private long endsNs;

  /** Returns how long it is. */
  long begin(long nowNs) {
    long pauseNs = nextNs;
    endsNs = nowNs + pauseNs;
    nextNs = Math.min(2 * nextNs, LONGEST_NS);
    return pauseNs;
  }

  boolean isOver(long nowNs) {
    return nowNs - endsNs >= 0;
  }

  /** The next one is the first again. */
  void reset() {
    nextNs = FIRST_NS;
  }
}
