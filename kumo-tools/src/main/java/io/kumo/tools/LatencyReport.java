package io.kumo.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.metrics.Percentiles;
import io.kumo.core.protocol.admin.GetServerStatistics;
import io.kumo.core.protocol.admin.ServerStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long what one server does takes: since it started, then since the question before. */
final class LatencyReport {
  private static final List<String> WHAT = List.of("write", "replication", "fsync");
  private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999};

  private Map<String, Long> before = Map.of();

  StatCommand.Output ask(RpcClient client) {
    ServerStatistics now = client.call(new GetServerStatistics(), ServerStatistics::read);
    StringBuilder text = new StringBuilder();
    line(text, "%-12s %10s %9s %9s %9s %9s", "ms", "count", "p50", "p90", "p99", "p99.9");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (String what : WHAT) {
      String name = "kumo_server_" + what + "_seconds";
      Percentiles values = Percentiles.between(before, now.values(), name);
      double[] millis = new double[SHARES.length];
      ObjectNode shown = json.putObject(what).put("count", values.count());
      for (int i = 0; i < SHARES.length; i++) {
        millis[i] = values.at(SHARES[i]) * 1000;
        shown.put("p" + number(SHARES[i] * 100), millis[i]);
      }
      line(
          text,
          "%-12s %10d %9.2f %9.2f %9.2f %9.2f",
          what,
          values.count(),
          millis[0],
          millis[1],
          millis[2],
          millis[3]);
    }
    before = now.values();
    return new StatCommand.Output(text.toString(), json, true);
  }

  /** As 50, 99 or 99.9. */
  private static String number(double percent) {
    String text = String.format(Locale.ROOT, "%.1f", percent);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static void line(StringBuilder text, String form, Object... values) {
    text.append(String.format(Locale.ROOT, form, values)).append('\n');
  }
}
