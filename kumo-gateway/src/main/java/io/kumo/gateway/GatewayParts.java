package io.kumo.gateway;

import io.kumo.gateway.memcached.ConnectionTable;
import io.kumo.gateway.metrics.GatewayTotals;
import io.kumo.gateway.route.NearCache;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops of one gateway share; every part is thread-safe.
 *
 * @param failures hears of keys for which nothing was left to try
 */
record GatewayParts(
    GatewayTotals totals,
    ConnectionTable connections,
    @Nullable NearCache nearCache,
    FailureListener failures) {
  static GatewayParts of(GatewayConfig config, FailureListener failures) {
    GatewayTotals totals = new GatewayTotals();
    NearCache cache = null;
    if (config.nearCacheBytes() > 0) {
      cache = new NearCache(config.nearCacheBytes());
      cache.measure(totals);
    }
    return new GatewayParts(
        totals, new ConnectionTable(config.limits().maxConnections()), cache, failures);
  }
}
