package io.kumo.server.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one server. Thread-safe: the map never changes after construction. */
public final class ServerMetrics {
  private final Map<ServerMetric, LongAdder> counters = new EnumMap<>(ServerMetric.class);

  /** All counters at zero. */
  public ServerMetrics() {
    for (ServerMetric metric : ServerMetric.values()) {
      counters.put(metric, new LongAdder());
    }
  }

  public void add(ServerMetric metric) {
    counter(metric).increment();
  }

  public void add(ServerMetric metric, long count) {
    counter(metric).add(count);
  }

  public long get(ServerMetric metric) {
    return counter(metric).sum();
  }

  private LongAdder counter(ServerMetric metric) {
    return Objects.requireNonNull(counters.get(metric));
  }
}
