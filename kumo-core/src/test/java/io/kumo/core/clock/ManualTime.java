package io.kumo.core.clock;

/** A clock that stands until it is set. */
public final class ManualTime implements TimeSource {
  private long unixMillis;
  private long nanos;

  public void setUnixSeconds(long seconds) {
    unixMillis = seconds * 1000;
  }

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
