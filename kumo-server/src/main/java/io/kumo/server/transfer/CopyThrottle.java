package io.kumo.server.transfer;

/**
 * How much of the machine a copy may use. What it did not use while it waited for others is not
 * made up for: in no span of time does it send more than the bytes of that span and one piece of
 * work. Confined to one thread.
 */
final class CopyThrottle {
  private static final long DEFAULT_MEMORY_BYTES = 8L << 20;

  private final long memoryBytes;
  private final MovePace pace;
  private final BackgroundThrottle throttle;
  private long bytesPerSecond;
  private long paidBytes;
  private long paidUntilNs;

  /**
   * @param memoryBytes for data that waits for the network; 0 takes the default
   * @param pace may change while the copy runs
   */
  CopyThrottle(long memoryBytes, MovePace pace, BackgroundThrottle throttle, long nowNs) {
    this.memoryBytes = memoryBytes == 0 ? DEFAULT_MEMORY_BYTES : memoryBytes;
    this.pace = pace;
    this.bytesPerSecond = pace.bytesPerSecond();
    this.throttle = throttle;
    this.paidUntilNs = nowNs;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  boolean isPaused() {
    return pace.isPaused();
  }

  /** How long nothing more may be sent, as far as is known now. */
  long owedNs(long nowNs) {
    adapt(nowNs);
    return bytesPerSecond == 0 ? 0 : Math.max(0, paidUntilNs - nowNs);
  }

  /** What is owed is owed at another rate when that has changed. */
  private void adapt(long nowNs) {
    long rate = pace.bytesPerSecond();
    if (rate != bytesPerSecond) {
      long owedNs = bytesPerSecond == 0 ? 0 : Math.max(0, paidUntilNs - nowNs);
      paidUntilNs = rate == 0 ? nowNs : nowNs + (long) ((double) owedNs * bytesPerSecond / rate);
      bytesPerSecond = rate;
    }
  }

  /**
   * How long to wait after a piece of work.
   *
   * @param bytes sent since the start
   * @param batchNs when the piece began
   */
  long pauseNs(long bytes, long batchNs, long nowNs) {
    long yieldNs = throttle.pauseNs(batchNs, nowNs);
    adapt(nowNs);
    if (bytesPerSecond == 0) {
      paidBytes = bytes;
      return yieldNs;
    }
    long costNs = (long) ((bytes - paidBytes) * 1e9 / bytesPerSecond);
    paidBytes = bytes;
    paidUntilNs = Math.max(paidUntilNs, batchNs) + costNs;
    return Math.max(yieldNs, paidUntilNs - nowNs);
  }
}
