package io.kumo.core.vote;

/**
 * The two clocks of a machine at one moment: one that never steps but may stand still while the
 * machine is suspended, and one that goes on but may be set.
 *
 * @param nanos as {@code TimeSource.nanoTime}
 * @param unixMs as {@code TimeSource.unixMillis}
 */
public record ClockReading(long nanos, long unixMs) {
  /** Whether less than this has passed since by either clock, and none was set back. */
  boolean isWithin(long lengthMs, ClockReading since) {
    long passedNs = nanos - since.nanos;
    long passedMs = unixMs - since.unixMs;
    return passedNs < lengthMs * 1_000_000 && passedMs >= 0 && passedMs < lengthMs;
  }
}
