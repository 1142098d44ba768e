package io.kumo.core.route.cluster;

import io.kumo.core.clock.TimeSource;

/**
 * This machine's clock, set right by what the servers' clocks say, as far as that can be told from
 * afar. Servers count expiry times; this is for what is told or decided about them here.
 * Thread-safe.
 */
public final class ClusterClock implements TimeSource {
  private final TimeSource own;
  private volatile long aheadMillis;

  /** Trusts the clock until {@link #correct}. */
  public ClusterClock(TimeSource own) {
    this.own = own;
  }

  /**
   * Takes note of how far the clock is off.
   *
   * @param newAheadMillis by which it is ahead of the servers', negative when behind
   */
  void correct(long newAheadMillis) {
    aheadMillis = newAheadMillis;
  }

  /** By which this machine's clock is ahead of the servers', negative when behind. */
  public long aheadMillis() {
    return aheadMillis;
  }

  @Override
  public long unixMillis() {
    return own.unixMillis() - aheadMillis;
  }

  @Override
  public long nanoTime() {
    return own.nanoTime();
  }
}
