package io.kumo.server.transfer;

/**
 * How much of the machine a copy may use. What it did not use while it waited for others is not
 * made up for: in no span of time does it send more than the bytes of that span and one piece of
 * work. Confined to one thread.
 */
final class CopyThrottle {
  private static final long DEFAULT_MEMORY_BYTES = 8L << 20;

  private final long memoryBytes;
  private final long bytesPerSecond;
  private final BackgroundThrottle throttle;
  private long paidBytes;
  private long paidUntilNs;

  /**
   * @param memoryBytes for data that waits for the network; 0 takes the default
   * @param bytesPerSecond of keys and values; 0 does not limit
   */
  CopyThrottle(long memoryBytes, long bytesPerSecond, BackgroundThrottle throttle, long nowNs) {
    this.memoryBytes = memoryBytes == 0 ? DEFAULT_MEMORY_BYTES : memoryBytes;
    this.bytesPerSecond = bytesPerSecond;
    this.throttle = throttle;
    this.paidUntilNs = nowNs;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  /**
   * How long to wait after a piece of work.
   *
   * @param bytes sent since the start
   * @param batchNs when the piece began
   */
  long pauseNs(long bytes, long batchNs, long nowNs) {
    long yieldNs = throttle.pauseNs(batchNs, nowNs);
    if (bytesPerSecond == 0) {
      return yieldNs;
    }
    long costNs = (long) ((bytes - paidBytes) * 1e9 / bytesPerSecond);
    paidBytes = bytes;
    paidUntilNs = Math.max(paidUntilNs, batchNs) + costNs;
    return Math.max(yieldNs, paidUntilNs - nowNs);
  }
}
