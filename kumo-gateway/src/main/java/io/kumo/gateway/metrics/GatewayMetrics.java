package io.kumo.gateway.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The measurements of one event loop. Written by that loop alone; other threads may read numbers
 * that are a moment old.
 */
@SuppressWarnings("EnumOrdinal") // an index that never leaves the process
public final class GatewayMetrics {
  private static final int COUNT = GatewayMetric.values().length;

  private final AtomicLongArray values = new AtomicLongArray(COUNT);

  /** Only the loop may ask. */
  public void add(GatewayMetric metric, long by) {
    int index = metric.ordinal();
    values.setOpaque(index, values.getPlain(index) + by);
  }

  public long get(GatewayMetric metric) {
    return values.getOpaque(metric.ordinal());
  }
}
