package io.kumo.tools.top;

import io.kumo.core.clock.ClockTime;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays rows out as kumotop of kumofs 0.4.13: a line per server, or two where it is narrow. */
final class TopTable {

  /** A line per server needs this many columns. */
  static final int WIDE_COLUMNS = 130;

  private static final String WIDE = "%23s%10s%10s%10s%9s%9s%9s%9s%11s%21s%9s%9s";
  private static final String NARROW_FIRST = "%22s%9s%9s%9s%10s%20s";
  private static final String NARROW_SECOND = "%22s%9s%9s%9s%10s%11s%9s";

  private final boolean wide;
  private final DateTimeFormatter time;

  TopTable(int columns, ZoneId zone) {
    this.wide = columns >= WIDE_COLUMNS;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  List<String> header() {
    if (wide) {
      return List.of(
          format(
              WIDE, "address", "#Get", "#Set", "#Del", "Get/s", "Set/s", "Del/s", "QPS", "items",
              "time", "clock", "status"));
    }
    return List.of(
        format(NARROW_FIRST, "address", "#Get", "#Set", "#Del", "items", "time"),
        format(NARROW_SECOND, "", "Get/s", "Set/s", "Del/s", "QPS", "clock", "status"));
  }

  List<String> lines(List<TopRow> rows) {
    List<String> lines = new ArrayList<>();
    for (TopRow row : rows) {
      if (row.now().error() != null) {
        lines.add(format(wide ? "%23s  %s" : "%22s  %s", row.now().server(), row.now().error()));
      } else if (wide) {
        lines.add(wideLine(row));
      } else {
        lines.addAll(narrowLines(row));
      }
    }
    return lines;
  }

  private String wideLine(TopRow row) {
    TopSample now = row.now();
    return format(
        WIDE,
        now.server(),
        unsigned(now.gets()),
        unsigned(now.sets()),
        unsigned(now.deletes()),
        row.getsPerSecond(),
        row.setsPerSecond(),
        row.deletesPerSecond(),
        row.requestsPerSecond(),
        unsigned(now.items()),
        time(now),
        clock(now),
        now.state());
  }

  private List<String> narrowLines(TopRow row) {
    TopSample now = row.now();
    return List.of(
        format(
            NARROW_FIRST,
            now.server(),
            unsigned(now.gets()),
            unsigned(now.sets()),
            unsigned(now.deletes()),
            unsigned(now.items()),
            time(now)),
        format(
            NARROW_SECOND,
            "",
            row.getsPerSecond(),
            row.setsPerSecond(),
            row.deletesPerSecond(),
            row.requestsPerSecond(),
            clock(now),
            now.state()));
  }

  private String time(TopSample sample) {
    return time.format(Instant.ofEpochSecond(ClockTime.seconds(sample.clockTime())));
  }

  private static String clock(TopSample sample) {
    return Integer.toUnsignedString(ClockTime.counter(sample.clockTime()));
  }

  private static String unsigned(long number) {
    return Long.toUnsignedString(number);
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
