package io.kumo.core.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How late the event loops of this process were: each has a timer a few times a second, and what
 * that is late by, any request of the moment would have waited, too. Thread-safe.
 */
public final class LoopDelays {
  private static final int[] BOUNDS_MS = {10, 100, 1000};
  private static final LoopDelays PROCESS = new LoopDelays();

  private final LongAdder timers = new LongAdder();
  private final LongAdder[] over = new LongAdder[BOUNDS_MS.length];
  private final LongAccumulator longestNs = new LongAccumulator(Math::max, 0);
  private final AtomicLong lastNs = new AtomicLong();

  LoopDelays() {
    for (int i = 0; i < over.length; i++) {
      over[i] = new LongAdder();
    }
  }

  /** Those of all loops of this process. */
  public static LoopDelays ofProcess() {
    return PROCESS;
  }

  /** A timer ran so much after it was due. */
  public void add(long lateNs) {
    timers.increment();
    lastNs.set(lateNs);
    longestNs.accumulate(lateNs);
    for (int i = 0; i < over.length; i++) {
      if (lateNs > TimeUnit.MILLISECONDS.toNanos(BOUNDS_MS[i])) {
        over[i].increment();
      }
    }
  }

  /** The longest so far. */
  public long longestNs() {
    return longestNs.get();
  }

  /** As {@code /metrics} shows them. */
  public List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>();
    all.add(
        new Measurement(
            "kumo_loop_delay_longest_microseconds",
            false,
            "By how much a timer of an event loop was late, at most, since the start.",
            longestNs.get() / 1000));
    all.add(
        new Measurement(
            "kumo_loop_delay_microseconds",
            false,
            "By how much the last timer of an event loop was late.",
            lastNs.get() / 1000));
    all.add(
        new Measurement(
            "kumo_loop_timers_total",
            true,
            "Timers of event loops whose delay was measured.",
            timers.sum()));
    for (int i = 0; i < over.length; i++) {
      String help = "Timers of event loops that were late by more than %d ms.";
      all.add(
          new Measurement(
              "kumo_loop_delays_over_%dms_total".formatted(BOUNDS_MS[i]),
              true,
              help.formatted(BOUNDS_MS[i]),
              over[i].sum()));
    }
    return all;
  }
}
