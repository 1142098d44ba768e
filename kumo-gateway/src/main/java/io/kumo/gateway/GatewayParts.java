package io.kumo.gateway;

import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.route.cluster.ClusterClock;
import io.kumo.gateway.auth.Authenticator;
import io.kumo.gateway.client.ConnectionTable;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayTotals;
import io.kumo.gateway.route.NearCache;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops of one gateway share; every part is thread-safe.
 *
 * @param failures hears of keys for which nothing was left to try
 * @param authenticator whom clients have to convince of who they are; null: nobody
 */
record GatewayParts(
    GatewayTotals totals,
    ConnectionTable connections,
    ClusterClock clock,
    @Nullable NearCache nearCache,
    FailureListener failures,
    @Nullable Authenticator authenticator) {
  static GatewayParts of(GatewayConfig config, TimeSource time, FailureListener failures) {
    GatewayTotals totals = new GatewayTotals();
    ClusterClock clock = new ClusterClock(time);
    totals.share(GatewayMetric.CLOCK_AHEAD_MILLIS, clock::aheadMillis);
    NearCache cache = null;
    if (config.nearCacheBytes() > 0) {
      cache = new NearCache(config.nearCacheBytes());
      cache.measure(totals);
    }
    Supplier<UserFile> users = config.security().users();
    Authenticator authenticator = users == null ? null : new Authenticator(users);
    if (authenticator != null) {
      totals.share(GatewayMetric.PASSWORDS_REFUSED, authenticator::refused);
    }
    return new GatewayParts(
        totals,
        new ConnectionTable(config.limits().maxConnections()),
        clock,
        cache,
        failures,
        authenticator);
  }
}
