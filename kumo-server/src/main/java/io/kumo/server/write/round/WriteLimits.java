package io.kumo.server.write.round;

import java.time.Duration;

/**
 * The bounds of one write and of all writes together.
 *
 * @param setRetries how often one replica is tried again for a record
 * @param deleteRetries how often one replica is tried again for a tombstone
 * @param deadlineNs a write that is not acknowledged by then has failed
 * @param callTimeoutNs how long one replica may take for one answer
 * @param maxPending writes under way or queued, over all keys
 * @param maxPendingPerKey writes queued behind one key
 * @param maxPendingBytes bytes of keys and values of all pending writes
 * @param minCopies with fewer active replicas of a key nothing is written to it
 */
public record WriteLimits(
    int setRetries,
    int deleteRetries,
    long deadlineNs,
    long callTimeoutNs,
    int maxPending,
    int maxPendingPerKey,
    long maxPendingBytes,
    int minCopies) {

  /** How often a plain set is stamped anew because a replica had a newer record. */
  public static final int MAX_RESTAMPS = 3;

  private static final int DEFAULT_RETRIES = 20;

  /** The defaults of the command line. */
  public static WriteLimits defaults() {
    return withRetries(DEFAULT_RETRIES, DEFAULT_RETRIES);
  }

  public static WriteLimits withRetries(int setRetries, int deleteRetries) {
    return new WriteLimits(
        setRetries,
        deleteRetries,
        Duration.ofSeconds(10).toNanos(),
        Duration.ofSeconds(5).toNanos(),
        100_000,
        1_000,
        Runtime.getRuntime().maxMemory() / 4,
        1);
  }

  public WriteLimits withMinCopies(int copies) {
    return new WriteLimits(
        setRetries,
        deleteRetries,
        deadlineNs,
        callTimeoutNs,
        maxPending,
        maxPendingPerKey,
        maxPendingBytes,
        copies);
  }
}
