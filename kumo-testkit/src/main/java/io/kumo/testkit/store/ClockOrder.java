package io.kumo.testkit.store;

import io.kumo.core.clock.ClockTime;

/** How a store compares two ClockTimes. */
@FunctionalInterface
public interface ClockOrder {
  ClockOrder SOUND = ClockTime::compare;

  /** As kumofs 0.4.13: within 5 s by the counters alone, which is not transitive. */
  ClockOrder ORIGINAL =
      (a, b) ->
          Math.abs(ClockTime.seconds(a) - ClockTime.seconds(b)) < 5
              ? Integer.compareUnsigned(ClockTime.counter(a), ClockTime.counter(b))
              : Long.compare(ClockTime.seconds(a), ClockTime.seconds(b));

  /** Negative, 0 or positive, as with a Comparator. */
  int compare(long a, long b);
}
