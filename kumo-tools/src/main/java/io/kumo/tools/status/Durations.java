package io.kumo.tools.status;

import java.util.Locale;

/** Spans of time for people, such as {@code 3d 04:05:06}. */
final class Durations {
  private static final long DAY = 86_400;
  private static final long HOUR = 3600;
  private static final long MINUTE = 60;

  private Durations() {}

  static String text(long seconds) {
    String days = seconds >= DAY ? seconds / DAY + "d " : "";
    return days
        + String.format(
            Locale.ROOT,
            "%02d:%02d:%02d",
            seconds % DAY / HOUR,
            seconds % HOUR / MINUTE,
            seconds % MINUTE);
  }
}
