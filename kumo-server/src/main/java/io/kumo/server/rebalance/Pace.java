package io.kumo.server.rebalance;

/** How much of the machine a copy may use. Confined to one thread. */
final class Pace {
  private static final long MAX_PAUSE_NS = 1_000_000_000L;
  private static final long DEFAULT_MEMORY_BYTES = 8L << 20;

  private final long memoryBytes;
  private final long bytesPerSecond;
  private final Foreground foreground;
  private final long startNs;

  /**
   * @param memoryBytes for data that waits for the network; 0 takes the default
   * @param bytesPerSecond of keys and values; 0 does not limit
   */
  Pace(long memoryBytes, long bytesPerSecond, Foreground foreground, long startNs) {
    this.memoryBytes = memoryBytes == 0 ? DEFAULT_MEMORY_BYTES : memoryBytes;
    this.bytesPerSecond = bytesPerSecond;
    this.foreground = foreground;
    this.startNs = startNs;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  /**
   * How long to wait when so many bytes have been copied since the start.
   *
   * @param batchNs when the last piece of work began
   */
  long pauseNs(long bytes, long batchNs, long nowNs) {
    long politeNs = foreground.pauseNs(batchNs, nowNs);
    if (bytesPerSecond == 0) {
      return politeNs;
    }
    double dueNs = bytes * 1e9 / bytesPerSecond;
    return Math.min(MAX_PAUSE_NS, Math.max(politeNs, (long) dueNs - (nowNs - startNs)));
  }
}
