package io.kumo.manager.membership;

import io.kumo.core.clock.TimeSource;

/** A time that a test moves. */
public final class ManualTime implements TimeSource {
  private long nanos = 1_000_000_000L;

  @Override
  public long unixMillis() {
    return 1_795_000_000_000L + nanos / 1_000_000;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  public void advanceMillis(long millis) {
    nanos += millis * 1_000_000;
  }
}
