package io.kumo.manager.membership;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.HashSpaces;

/**
 * Issues the ClockTimes of hash spaces. The lowest bit is the rank of the manager in its pair, so
 * that two managers never give one ClockTime to two different lists.
 */
public final class Stamps {
  private final HybridClock clock;
  private final int rank;

  /**
   * @param rank 0 for the manager with the lower address or without partner, 1 for the other
   */
  public Stamps(HybridClock clock, int rank) {
    if (rank != 0 && rank != 1) {
      throw new IllegalArgumentException("rank must be 0 or 1: " + rank);
    }
    this.clock = clock;
    this.rank = rank;
  }

  /** A ClockTime with this manager's rank, greater than both of {@code spaces}. */
  public long after(HashSpaces spaces) {
    long newest = ClockTime.max(spaces.write().clockTime(), spaces.read().clockTime());
    return ranked(clock.nextAfter(newest));
  }

  /** A ClockTime with this manager's rank, greater than {@code stamp}. */
  public long after(long stamp) {
    return ranked(clock.nextAfter(stamp));
  }

  private long ranked(long stamp) {
    if ((stamp & 1) == rank) {
      return stamp;
    }
    clock.observe(stamp + 1);
    return stamp + 1;
  }
}
