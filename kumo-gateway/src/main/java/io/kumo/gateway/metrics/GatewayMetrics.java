package io.kumo.gateway.metrics;

import io.kumo.core.metrics.Buckets;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The measurements of one event loop. Written by that loop alone; other threads may read numbers
 * that are a moment old.
 */
@SuppressWarnings("EnumOrdinal") // an index that never leaves the process
public final class GatewayMetrics {
  private static final int COUNT = GatewayMetric.values().length;

  private final AtomicLongArray values = new AtomicLongArray(COUNT);
  private final Buckets[] sizes = new Buckets[GatewayHistogram.values().length];

  /** All at zero. */
  public GatewayMetrics() {
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = new Buckets();
    }
  }

  /** Only the loop may ask. */
  public void add(GatewayMetric metric, long by) {
    int index = metric.ordinal();
    values.setOpaque(index, values.getPlain(index) + by);
  }

  public long get(GatewayMetric metric) {
    return values.getOpaque(metric.ordinal());
  }

  /** Only the loop may add to it. */
  public Buckets sizes(GatewayHistogram which) {
    return sizes[which.ordinal()];
  }
}
