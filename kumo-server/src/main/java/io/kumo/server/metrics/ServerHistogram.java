package io.kumo.server.metrics;

import io.kumo.core.metrics.Distribution;
import io.kumo.core.metrics.Histogram;
import io.kumo.core.metrics.Unit;
import java.util.Locale;

/** Everything of which a server tells how large it was, and how often. */
public enum ServerHistogram {
  WRITE_SECONDS(Unit.MICROSECONDS, "Time from the arrival of a write until it was over."),
  REPLICATION_SECONDS(
      Unit.MICROSECONDS, "Time that a record took to be on every replica and stored here."),
  FSYNC_SECONDS(Unit.MICROSECONDS, "Time that a sync of the redo log took."),
  PENDING_WRITES(Unit.THINGS, "Writes under way or waiting when another one came.");

  private final Unit unit;
  private final String help;

  ServerHistogram(Unit unit, String help) {
    this.unit = unit;
    this.help = help;
  }

  /** As metrics systems write it, such as {@code kumo_server_write_seconds}. */
  public String metricName() {
    return "kumo_server_" + name().toLowerCase(Locale.ROOT);
  }

  /** For metrics systems. */
  public Histogram histogram(Distribution values) {
    return new Histogram(metricName(), help, unit, values);
  }
}
