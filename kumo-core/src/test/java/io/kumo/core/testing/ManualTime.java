package io.kumo.core.testing;

import io.kumo.core.clock.TimeSource;

/** A time that stands until a test moves it. Starts at 2026-11-18 in life's numbers. */
public final class ManualTime implements TimeSource {
  private long unixMillis = 1_795_000_000_000L;
  private long nanos = 1_000_000_000L;

  /** Sets the wall clock; no time passes. */
  public void setUnixMillis(long millis) {
    unixMillis = millis;
  }

  /** The same in seconds. */
  public void setUnixSeconds(long seconds) {
    setUnixMillis(seconds * 1000);
  }

  /** Lets time pass, on both clocks. */
  public void advanceMs(long ms) {
    unixMillis += ms;
    nanos += ms * 1_000_000;
  }

  @Override
  public long unixMillis() {
    return unixMillis;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }
}
