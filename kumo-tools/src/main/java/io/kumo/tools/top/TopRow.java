package io.kumo.tools.top;

import io.kumo.core.metrics.Percentiles;
import org.jspecify.annotations.Nullable;

/**
 * A sample, and how fast it came about since the one before.
 *
 * @param writes how long writes took since then
 */
record TopRow(
    TopSample now,
    long getsPerSecond,
    long setsPerSecond,
    long deletesPerSecond,
    Percentiles writes) {
  private static final String WRITES = "kumo_server_write_seconds";

  static TopRow of(@Nullable TopSample before, TopSample now) {
    if (before == null || before.error() != null || now.error() != null) {
      return new TopRow(now, 0, 0, 0, writes(now, now));
    }
    double seconds = Math.max(1, now.takenNs() - before.takenNs()) / 1e9;
    return new TopRow(
        now,
        rate(before.gets(), now.gets(), seconds),
        rate(before.sets(), now.sets(), seconds),
        rate(before.deletes(), now.deletes(), seconds),
        writes(before, now));
  }

  private static Percentiles writes(TopSample before, TopSample now) {
    return Percentiles.between(before.figures(), now.figures(), WRITES);
  }

  /** A server that was restarted counts from 0 again; its rate is not negative. */
  private static long rate(long before, long now, double seconds) {
    return Math.max(0, Math.round((now - before) / seconds));
  }

  long requestsPerSecond() {
    return getsPerSecond + setsPerSecond + deletesPerSecond;
  }

  /** What a hundredth of the writes since the last look took longer than, in milliseconds. */
  double slowMillis() {
    return writes.at(0.99) * 1000;
  }

  boolean answers() {
    return now.error() == null;
  }
}
