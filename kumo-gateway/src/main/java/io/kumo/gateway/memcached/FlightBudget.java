package io.kumo.gateway.memcached;

import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import java.util.ArrayDeque;

/** The bytes that all connections of one event loop hold together. Confined to that loop. */
final class FlightBudget {
  private final long maxBytes;
  private final GatewayMetrics metrics;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private long bytes;

  FlightBudget(long maxBytes, GatewayMetrics metrics) {
    this.maxBytes = maxBytes;
    this.metrics = metrics;
  }

  void add(long change) {
    bytes += change;
    metrics.add(GatewayMetric.BYTES_IN_FLIGHT, change);
  }

  boolean isExhausted() {
    return bytes >= maxBytes;
  }

  long bytes() {
    return bytes;
  }

  /** Has {@code resume} run once when the budget allows more; the caller asks at most once. */
  void whenAvailable(Runnable resume) {
    waiting.add(resume);
  }

  /** Lets those go on that wait, as far as the budget allows. */
  void resumeWaiting() {
    for (int n = waiting.size(); n > 0 && !isExhausted(); n--) {
      waiting.remove().run();
    }
  }
}
