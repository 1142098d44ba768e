package io.kumo.tools.backup;

import io.kumo.core.clock.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps to a rate by waiting. One thread. */
final class Throttle {
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(1);

  private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** What was not used for so long is not used later. */
  private static final long BURST_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final TimeSource time;
  private final double bytesPerNs;
  private double dueNs;

  Throttle(TimeSource time, long bytesPerSecond) {
    this.time = time;
    this.bytesPerNs = (double) bytesPerSecond / (double) TimeUnit.SECONDS.toNanos(1);
    this.dueNs = time.nanoTime();
  }

  /** How long who has taken so many bytes waits before it takes more. */
  long pauseNs(long bytes) {
    long nowNs = time.nanoTime();
    dueNs = Math.max(dueNs, (double) (nowNs - BURST_NS)) + bytes / bytesPerNs;
    long pauseNs = Math.min(LONGEST_NS, (long) dueNs - nowNs);
    return pauseNs < SHORTEST_NS ? 0 : pauseNs;
  }

  /** Waits for as long. */
  void pause(long bytes) {
    long pauseNs = pauseNs(bytes);
    if (pauseNs > 0) {
      LockSupport.parkNanos(this, pauseNs);
    }
  }
}
