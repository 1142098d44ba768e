package io.kumo.manager.membership;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.ring.HashSpaces;
import java.util.function.IntSupplier;

/**
 * Issues the ClockTimes of hash spaces. The lowest bit is the rank of the manager in its pair, so
 * that two managers never give one ClockTime to two different lists.
 */
public final class VersionSource {
  private final HybridClock clock;
  private final IntSupplier rank;

  /**
   * @param rank 0 for the manager with the lower address or without partner, 1 for the other
   */
  public VersionSource(HybridClock clock, int rank) {
    this(clock, () -> rank);
  }

  /** The same for a rank that changes, when the partner is found under another address. */
  public VersionSource(HybridClock clock, IntSupplier rank) {
    this.clock = clock;
    this.rank = rank;
  }

  /** A ClockTime with this manager's rank, greater than both of {@code spaces}. */
  public long after(HashSpaces spaces) {
    long newest = ClockTime.max(spaces.write().clockTime(), spaces.read().clockTime());
    return ranked(clock.nextAfter(newest));
  }

  /** A ClockTime with this manager's rank, greater than {@code version}. */
  public long after(long version) {
    return ranked(clock.nextAfter(version));
  }

  private long ranked(long version) {
    if ((version & 1) == rank.getAsInt()) {
      return version;
    }
    clock.observe(version + 1);
    return version + 1;
  }
}
