package io.kumo.core.clock;

/** Where the time comes from: the system, or a virtual clock in tests. Thread-safe. */
public interface TimeSource {
  /** Milliseconds since 1970-01-01 UTC; may step back when an operator sets the clock. */
  long unixMillis();

  /** Monotonic nanoseconds from an arbitrary origin. */
  long nanoTime();

  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }
}
