package io.kumo.core.rpc;

import java.util.random.RandomGenerator;

/**
 * Doubling waits with jitter, so that peers that lost the same server do not come back at one
 * moment.
 */
public final class Backoff {
  private final long firstNs;
  private final long maxNs;
  private final RandomGenerator random;
  private int attempts;

  public Backoff(long firstNs, long maxNs, RandomGenerator random) {
    this.firstNs = firstNs;
    this.maxNs = maxNs;
    this.random = random;
  }

  /** Attempts counted since the last {@link #reset}. */
  public int attempts() {
    return attempts;
  }

  public void reset() {
    attempts = 0;
  }

  /**
   * Counts an attempt and gives the wait before it: between half and all of first·2^n, at most max.
   */
  public long nextNs() {
    long ceiling = Math.min(maxNs, firstNs << Math.min(attempts, 30));
    attempts++;
    return ceiling / 2 + random.nextLong(ceiling / 2 + 1);
  }
}
