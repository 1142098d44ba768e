package io.kumo.server.transfer;

import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Background throttling: while clients are being served the moving of records works a part of the
 * time only, in small pieces. Confined to one thread.
 */
public final class BackgroundThrottle {
  private static final long WINDOW_NS = Duration.ofMillis(50).toNanos();

  /** Fewer in a window are not worth slowing down for. */
  private static final int FEW_REQUESTS = 3;

  /** Pauses are so many times as long as the work before them. */
  private static final int PAUSE_FACTOR = 3;

  private static final long MAX_PAUSE_NS = Duration.ofMillis(20).toNanos();

  private final LongSupplier served;
  private final MovePace pace;
  private long windowStartNs;
  private long servedBefore;
  private boolean busy;

  /**
   * @param served requests of clients so far
   */
  public BackgroundThrottle(LongSupplier served, long nowNs) {
    this(served, new MovePace(0), nowNs);
  }

  /**
   * @param served requests of clients so far
   * @param pace whether to do anything at all
   */
  BackgroundThrottle(LongSupplier served, MovePace pace, long nowNs) {
    this.served = served;
    this.pace = pace;
    this.servedBefore = served.getAsLong();
    this.windowStartNs = nowNs;
  }

  /** Of what goes on beside the clients whose requests {@code metrics} counts. */
  public static BackgroundThrottle beside(ServerMetrics metrics, long nowNs) {
    return new BackgroundThrottle(
        () -> metrics.get(ServerMetric.GETS) + metrics.get(ServerMetric.SETS), nowNs);
  }

  /** Whether an operator has all of it wait. */
  public boolean isPaused() {
    return pace.isPaused();
  }

  /** How long to pause after a piece of work. */
  public long pauseNs(long startedNs, long nowNs) {
    if (nowNs - windowStartNs >= WINDOW_NS) {
      long count = served.getAsLong();
      long windows = Math.max(1, (nowNs - windowStartNs) / WINDOW_NS);
      busy = count - servedBefore > FEW_REQUESTS * windows;
      servedBefore = count;
      windowStartNs = nowNs;
    }
    return busy ? Math.min(MAX_PAUSE_NS, PAUSE_FACTOR * (nowNs - startedNs)) : 0;
  }
}
