package io.kumo.server.metrics;

import io.kumo.core.metrics.Buckets;
import io.kumo.core.metrics.Measurement;
import io.kumo.server.watch.Requests;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one server. Thread-safe: the map never changes after construction. */
public final class ServerMetrics {
  private final Map<ServerMetric, LongAdder> counters = new EnumMap<>(ServerMetric.class);
  private final Requests requests = new Requests();
  private final Map<ServerHistogram, Buckets> sizes = new EnumMap<>(ServerHistogram.class);

  /** All counters at zero. */
  public ServerMetrics() {
    for (ServerMetric metric : ServerMetric.values()) {
      counters.put(metric, new LongAdder());
    }
    for (ServerHistogram histogram : ServerHistogram.values()) {
      sizes.put(histogram, new Buckets());
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

  /** All of them, as they are now. */
  public List<Measurement> measurements() {
    return Arrays.stream(ServerMetric.values())
        .map(metric -> new Measurement(metric.metricName(), true, metric.help(), get(metric)))
        .toList();
  }

  /** Which requests stand out; main loop only. */
  public Requests requests() {
    return requests;
  }

  /** Only the main loop may add to it. */
  public Buckets sizes(ServerHistogram histogram) {
    return Objects.requireNonNull(sizes.get(histogram));
  }

  private LongAdder counter(ServerMetric metric) {
    return Objects.requireNonNull(counters.get(metric));
  }
}
