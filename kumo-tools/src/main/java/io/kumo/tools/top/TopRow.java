package io.kumo.tools.top;

import org.jspecify.annotations.Nullable;

/** A sample, and how fast it came about since the one before. */
record TopRow(TopSample now, long getsPerSecond, long setsPerSecond, long deletesPerSecond) {

  static TopRow of(@Nullable TopSample before, TopSample now) {
    if (before == null || before.error() != null || now.error() != null) {
      return new TopRow(now, 0, 0, 0);
    }
    double seconds = Math.max(1, now.takenNs() - before.takenNs()) / 1e9;
    return new TopRow(
        now,
        rate(before.gets(), now.gets(), seconds),
        rate(before.sets(), now.sets(), seconds),
        rate(before.deletes(), now.deletes(), seconds));
  }

  /** A server that was restarted counts from 0 again; its rate is not negative. */
  private static long rate(long before, long now, double seconds) {
    return Math.max(0, Math.round((now - before) / seconds));
  }

  long requestsPerSecond() {
    return getsPerSecond + setsPerSecond + deletesPerSecond;
  }
}
