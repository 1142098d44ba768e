package io.kumo.core.protocol;

/**
 * A flush_all that is due later. Of two, the one with the greater version counts.
 *
 * @param version ClockTime at which it was ordered or called off; 0 if there never was one
 * @param dueSeconds unix seconds; 0 when it has been called off or is done
 */
public record DelayedFlush(long version, long dueSeconds) {
  /** There never was one. */
  public static final DelayedFlush NONE = new DelayedFlush(0, 0);

  /** Whether it takes the place of another. */
  public boolean replaces(DelayedFlush other) {
    return Long.compareUnsigned(version, other.version) > 0;
  }
}
