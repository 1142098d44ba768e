package io.kumo.core.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * How late the event loops of this process were: each has a timer a few times a second, and what
 * that is late by, any request of the moment would have waited, too. Thread-safe.
 */
public final class LoopDelays {
  private static final LoopDelays PROCESS = new LoopDelays();

  private final Buckets delays = new Buckets();
  private final LongAccumulator longestNs = new LongAccumulator(Math::max, 0);

  LoopDelays() {}

  /** Those of all loops of this process. */
  public static LoopDelays ofProcess() {
    return PROCESS;
  }

  /** A timer ran so much after it was due. */
  public void add(long lateNs) {
    delays.addShared(lateNs / 1000);
    longestNs.accumulate(lateNs);
  }

  /** The longest so far. */
  public long longestNs() {
    return longestNs.get();
  }

  /** As {@code /metrics} shows them. */
  public List<Measurement> measurements() {
    return List.of(
        new Measurement(
            "kumo_loop_delay_longest_microseconds",
            false,
            "By how much a timer of an event loop was late, at most, since the start.",
            longestNs.get() / 1000));
  }

  /** The same of all timers. */
  public Histogram histogram() {
    return new Histogram(
        "kumo_loop_delay_seconds",
        "By how much timers of event loops were late.",
        Unit.MICROSECONDS,
        delays.read());
  }
}
