package io.kumo.gateway.metrics;

import io.kumo.core.metrics.Distribution;
import io.kumo.core.metrics.Histogram;
import io.kumo.core.metrics.Measurement;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** The measurements of all event loops of one gateway together. Thread-safe. */
public final class GatewayTotals {
  private final List<GatewayMetrics> loops = new CopyOnWriteArrayList<>();
  private final Map<GatewayMetric, LongSupplier> shared = new ConcurrentHashMap<>();
  private volatile Map<GatewayMetric, Long> atReset = Map.of();

  /** Measurements for one more loop. */
  public GatewayMetrics newLoop() {
    GatewayMetrics metrics = new GatewayMetrics();
    loops.add(metrics);
    return metrics;
  }

  /**
   * Measures what all loops share.
   *
   * @param source called from any thread
   */
  public void share(GatewayMetric metric, LongSupplier source) {
    shared.put(metric, source);
  }

  /** Since the gateway started. */
  public long get(GatewayMetric metric) {
    LongSupplier source = shared.get(metric);
    long sum = source == null ? 0 : source.getAsLong();
    for (GatewayMetrics loop : loops) {
      sum += loop.get(metric);
    }
    return sum;
  }

  /** Since {@link #reset}; connections count from the start, and gauges are what they are. */
  public long sinceReset(GatewayMetric metric) {
    return get(metric) - atReset.getOrDefault(metric, 0L);
  }

  /** All of them, as they are now. */
  public List<Measurement> measurements() {
    return Arrays.stream(GatewayMetric.values())
        .map(metric -> metric.measurement(get(metric)))
        .toList();
  }

  /** How long commands took, and how many were under way. */
  public List<Histogram> histograms() {
    return Arrays.stream(GatewayHistogram.values()).map(this::histogram).toList();
  }

  private Histogram histogram(GatewayHistogram which) {
    Distribution all =
        loops.stream()
            .map(loop -> loop.sizes(which).read())
            .reduce(Distribution.EMPTY, Distribution::plus);
    return which.histogram(all);
  }

  /** Has {@code stats} begin again at 0; the metrics do not. */
  public void reset() {
    Map<GatewayMetric, Long> now = new EnumMap<>(GatewayMetric.class);
    for (GatewayMetric metric : GatewayMetric.values()) {
      boolean stays =
          metric.kind() == GatewayMetric.Kind.GAUGE
              || metric == GatewayMetric.TOTAL_CONNECTIONS
              || metric == GatewayMetric.REJECTED_CONNECTIONS;
      if (!stays) {
        now.put(metric, get(metric));
      }
    }
    atReset = Collections.unmodifiableMap(now);
  }
}
