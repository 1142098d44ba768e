package io.kumo.server.replica;

import java.util.concurrent.TimeUnit;

/**
 * The pause before a replica is tried again: doubles from 10 ms to half a second, spread by a
 * tenth.
 */
public final class ReplicaBackoff {
  private static final long FIRST_NS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int MAX_DOUBLINGS = 6;
  private static final long SPREAD = 10;

  private ReplicaBackoff() {}

  /**
   * The same arguments give the same pause, so that a simulated run repeats.
   *
   * @param failures how often the replica has failed so far, from 1
   * @param seed spreads writes that failed at one moment
   */
  public static long delayNs(int failures, long seed) {
    long delay = Math.min(LONGEST_NS, FIRST_NS << Math.min(failures - 1, MAX_DOUBLINGS));
    long jitter = Math.floorMod(seed * 0x9E3779B97F4A7C15L, delay / SPREAD + 1);
    return delay + jitter;
  }
}
