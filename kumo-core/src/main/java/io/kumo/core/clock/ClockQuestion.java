package io.kumo.core.clock;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A question to another process for its wall clock, asked when this is made. The answer lies
 * somewhere within the round trip, so it tells the more the shorter that was.
 */
public final class ClockQuestion {
  private static final long MAX_ROUND_TRIP_MS = 1_000;
  private static final long MAX_STEP_MS = 100;

  private final TimeSource time;
  private final long askedNs;
  private final long askedMs;

  public ClockQuestion(TimeSource time) {
    this.time = time;
    this.askedNs = time.nanoTime();
    this.askedMs = time.unixMillis();
  }

  /**
   * To be called when the answer has come.
   *
   * @return how far the other clock is ahead of this one, in milliseconds and to half of the round
   *     trip; empty if nothing is known, since the answer took long (one of the two was paused, or
   *     busy) or this clock has been set meanwhile (or stood still with its machine)
   */
  public OptionalLong aheadMs(long theirUnixMs) {
    long nowMs = time.unixMillis();
    long roundTripMs = Duration.ofNanos(time.nanoTime() - askedNs).toMillis();
    long stepMs = nowMs - askedMs - roundTripMs;
    if (roundTripMs > MAX_ROUND_TRIP_MS || Math.abs(stepMs) > MAX_STEP_MS) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(theirUnixMs - (askedMs + roundTripMs / 2));
  }
}
