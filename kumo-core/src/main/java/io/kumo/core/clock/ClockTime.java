package io.kumo.core.clock;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The version of a record or of a hash space: an unsigned 64-bit number, unix seconds in the high
 * half and a counter in the low half. Kept as a plain {@code long} because every record carries
 * one.
 *
 * <p>The order is one unsigned comparison of all 64 bits, hence total. (kumofs 0.4.13 compares only
 * counters within 5 s and only seconds beyond, which is not transitive.)
 */
public final class ClockTime {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT);

  /**
   * How far ahead of a machine's own clock a ClockTime may be that others send: a day, which is
   * more than a wrong time zone makes. Those of the year 2106 would leave no room above them.
   */
  public static final long MAX_AHEAD_SECONDS = 86_400;

  private ClockTime() {}

  /** Whether a clock that shows {@code unixMillis} has to take this for a mistake, or worse. */
  public static boolean isTooFarAhead(long clockTime, long unixMillis) {
    return seconds(clockTime) > unixMillis / 1000 + MAX_AHEAD_SECONDS;
  }

  /** Of the clock in a message: that of kumofs 0.4.13 is a counter alone, which is never ahead. */
  public static long ofMessageClock(long clock) {
    return clock >>> 32 == 0 ? 0 : clock;
  }

  /** Only the low 32 bits of {@code unixSeconds} are kept. */
  public static long of(long unixSeconds, int counter) {
    return (unixSeconds << 32) | Integer.toUnsignedLong(counter);
  }

  /** Unix seconds, 0 to 2^32 - 1. */
  public static long seconds(long clockTime) {
    return clockTime >>> 32;
  }

  /** The counter, an unsigned 32-bit number. */
  public static int counter(long clockTime) {
    return (int) clockTime;
  }

  public static int compare(long a, long b) {
    return Long.compareUnsigned(a, b);
  }

  public static boolean isNewer(long a, long b) {
    return compare(a, b) > 0;
  }

  public static long max(long a, long b) {
    return isNewer(a, b) ? a : b;
  }

  /** As kumoctl prints it, in the local time zone: {@code 2026-11-20 19:56:37 +0000 clock 1}. */
  public static String format(long clockTime) {
    return format(clockTime, ZoneId.systemDefault());
  }

  static String format(long clockTime, ZoneId zone) {
    String time = SECONDS.format(Instant.ofEpochSecond(seconds(clockTime)).atZone(zone));
    return time + " clock " + Integer.toUnsignedString(counter(clockTime));
  }
}
