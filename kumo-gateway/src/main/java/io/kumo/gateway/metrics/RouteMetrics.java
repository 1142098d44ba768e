package io.kumo.gateway.metrics;

import io.kumo.core.route.RouteCounter;
import io.kumo.core.route.RouteEvent;

/** Counts among the measurements of an event loop what its router does. Confined to that loop. */
public record RouteMetrics(GatewayMetrics metrics) implements RouteCounter {
  @Override
  public void count(RouteEvent event) {
    metrics.add(metric(event), 1);
  }

  private static GatewayMetric metric(RouteEvent event) {
    return switch (event) {
      case SERVER_ERROR -> GatewayMetric.SERVER_ERRORS;
      case REFUSAL -> GatewayMetric.SERVER_REFUSALS;
      case FALL_THROUGH_READ -> GatewayMetric.FALL_THROUGH_READS;
      case ABANDONED_READ -> GatewayMetric.ABANDONED_READS;
      case FAILURE -> GatewayMetric.ROUTING_FAILURES;
      case READ_REPAIR_QUEUED -> GatewayMetric.READ_REPAIRS_QUEUED;
      case READ_REPAIR_SENT -> GatewayMetric.READ_REPAIRS_SENT;
      case READ_REPAIR_DROPPED -> GatewayMetric.READ_REPAIRS_DROPPED;
      case CACHE_VALIDATION -> GatewayMetric.NEAR_CACHE_VALIDATIONS;
      case CACHE_HIT -> GatewayMetric.NEAR_CACHE_HITS;
      case CACHE_MISS -> GatewayMetric.NEAR_CACHE_MISSES;
      case TOMBSTONE_SEARCH -> GatewayMetric.TOMBSTONE_SEARCHES;
    };
  }
}
