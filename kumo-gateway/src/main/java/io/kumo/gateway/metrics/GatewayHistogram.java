package io.kumo.gateway.metrics;

import io.kumo.core.metrics.Distribution;
import io.kumo.core.metrics.Histogram;
import io.kumo.core.metrics.Unit;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything of which a gateway tells how large it was, and how often. */
public enum GatewayHistogram {
  GET,
  SET,
  DELETE,
  INCR,
  TOUCH,
  FLUSH,
  STATS,
  /** Requests of one client that have not been answered, when it sends another. */
  PIPELINED;

  private static final String COMMANDS_HELP =
      "Time from the last bytes of a client until its command was answered.";
  private static final String PIPELINED_HELP =
      "Unanswered requests of a client when it sent another.";

  /** As metrics systems write it; commands share one, and have a label. */
  public String metricName() {
    return this == PIPELINED ? "kumo_gateway_pipelined_requests" : "kumo_gateway_command_seconds";
  }

  Histogram histogram(Distribution values) {
    if (this == PIPELINED) {
      return new Histogram(metricName(), PIPELINED_HELP, Unit.THINGS, values);
    }
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put("command", name().toLowerCase(Locale.ROOT));
    return new Histogram(
        metricName(),
        COMMANDS_HELP,
        Unit.MICROSECONDS,
        Collections.unmodifiableSortedMap(labels),
        values);
  }
}
