package io.kumo.tools.importing.source;

import io.kumo.core.clock.ClockTime;

/**
 * Versions for the records of sources that have none: in the order in which they are read, and of a
 * later import greater than of an earlier one. Not thread-safe.
 */
public final class Versions {
  /** Two seconds, by which servers' clocks may be told wrong from afar. */
  private static final long DOUBT_SECONDS = 2;

  private final long first;
  private long given;

  private Versions(long seconds) {
    this.first = ClockTime.of(seconds, 0);
  }

  /**
   * As if written before anything that any cluster has: nothing that the cluster has is replaced.
   * Half the unix time of the import lies before the first kumofs was written.
   *
   * @param began unix seconds
   */
  public static Versions older(long began) {
    return new Versions(began / 2);
  }

  /** As if written when the import began: what was there before is replaced. */
  public static Versions asOf(long began) {
    return new Versions(began - DOUBT_SECONDS);
  }

  long next() {
    return first + given++;
  }
}
