package io.kumo.testkit.store;

import io.kumo.core.clock.ClockTime;

/** How a store compares two ClockTimes. */
@FunctionalInterface
public interface ClockOrder {
  ClockOrder SOUND = ClockTime::compare;

  /**
   * As kumofs 0.4.13: within 5 s by the counters alone, which is not transitive; and of these the
   * lesser counts as greater when it is below 2^10 and the other above 2^22.
   */
  ClockOrder ORIGINAL =
      (a, b) -> {
        if (Math.abs(ClockTime.seconds(a) - ClockTime.seconds(b)) >= 5) {
          return Long.compare(ClockTime.seconds(a), ClockTime.seconds(b));
        }
        long x = Integer.toUnsignedLong(ClockTime.counter(a));
        long y = Integer.toUnsignedLong(ClockTime.counter(b));
        boolean wrapped = Math.min(x, y) < 1 << 10 && Math.max(x, y) > 1 << 22;
        return wrapped ? Long.compare(y, x) : Long.compare(x, y);
      };

  /** Negative, 0 or positive, as with a Comparator. */
  int compare(long a, long b);
}
