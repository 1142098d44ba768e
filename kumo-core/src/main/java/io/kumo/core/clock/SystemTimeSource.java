package io.kumo.core.clock;

enum SystemTimeSource implements TimeSource {
  INSTANCE;

  @Override
  public long unixMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
