package io.kumo.tools.top;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How rates and latencies of each server went during the last looks. Not thread-safe. */
final class TopPast {
  private static final int KEPT = 120;

  private final Map<String, Sparkline> rates = new HashMap<>();
  private final Map<String, Sparkline> latencies = new HashMap<>();

  /** Takes one more look in; servers that are not in it are forgotten. */
  void add(List<TopRow> rows) {
    Set<String> present = new HashSet<>();
    for (TopRow row : rows) {
      String server = row.now().server();
      present.add(server);
      rate(server).add((double) row.requestsPerSecond());
      latency(server).add(row.slowMillis());
    }
    rates.keySet().retainAll(present);
    latencies.keySet().retainAll(present);
  }

  /** Requests a second. */
  Sparkline rate(String server) {
    return rates.computeIfAbsent(server, unused -> new Sparkline(KEPT));
  }

  /** What the slowest hundredth of writes took. */
  Sparkline latency(String server) {
    return latencies.computeIfAbsent(server, unused -> new Sparkline(KEPT));
  }
}
