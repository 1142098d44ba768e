package io.kumo.testkit.bug;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.testkit.store.ClockOrder;

/** Takes for newer what kumofs 0.4.13 would, so that its seconds may go back. */
final class OriginalClock extends HybridClock {
  OriginalClock(TimeSource time) {
    super(time);
  }

  @Override
  protected boolean isNewer(long clockTime, long than) {
    return ClockOrder.ORIGINAL.compare(clockTime, than) > 0;
  }
}
