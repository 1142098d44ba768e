package io.kumo.gateway.client;

import io.kumo.core.route.request.KeyOptions;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.metrics.GatewayHistogram;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import org.jspecify.annotations.Nullable;

/** Counts what clients asked on one event loop and how it ended; confined to that loop. */
final class McStats {
  private final GatewayMetrics metrics;

  McStats(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  /** Counts a command that is complete at {@code nowNs}. */
  void count(McCommand command, long nowNs) {
    GatewayHistogram times = times(command.operation());
    if (times != null) {
      metrics.sizes(times).add((nowNs - command.arrivedNs) / 1000);
    }
    McStatus status = command.status();
    metrics.add(GatewayMetric.CMD_META, command.isMeta() ? 1 : 0);
    if (!command.operation().isKeyed()) {
      metrics.add(GatewayMetric.STORE_TOO_LARGE, status == McStatus.TOO_LARGE ? 1 : 0);
      metrics.add(GatewayMetric.TOO_MANY_KEYS, status == McStatus.TOO_MANY_KEYS ? 1 : 0);
      countLogin(status);
      metrics.add(GatewayMetric.CMD_FLUSH, command.operation() == McOperation.FLUSH_ALL ? 1 : 0);
      return;
    }
    metrics.add(GatewayMetric.FAILURES, isFailure(status) ? 1 : 0);
    boolean missed = status == McStatus.NOT_FOUND;
    switch (command.operation()) {
      case GET, GET_AND_TOUCH, META_GET -> countRead(command);
      case TOUCH -> {
        metrics.add(GatewayMetric.CMD_TOUCH, 1);
        metrics.add(missed ? GatewayMetric.TOUCH_MISSES : GatewayMetric.TOUCH_HITS, 1);
      }
      case SET, ADD, REPLACE, APPEND, PREPEND -> countStore(command, status);
      case DELETE ->
          metrics.add(missed ? GatewayMetric.DELETE_MISSES : GatewayMetric.DELETE_HITS, 1);
      case INCR -> metrics.add(missed ? GatewayMetric.INCR_MISSES : GatewayMetric.INCR_HITS, 1);
      case DECR -> metrics.add(missed ? GatewayMetric.DECR_MISSES : GatewayMetric.DECR_HITS, 1);
      case FLUSH_ALL, STATS, LIST_KEYS, AUTHENTICATE, LOCAL, QUIT -> {}
    }
  }

  private void countLogin(McStatus status) {
    boolean failed = status == McStatus.AUTHENTICATION_FAILED;
    metrics.add(GatewayMetric.AUTH_CMDS, failed || status == McStatus.AUTHENTICATED ? 1 : 0);
    metrics.add(GatewayMetric.AUTH_ERRORS, failed ? 1 : 0);
    metrics.add(GatewayMetric.NOT_PERMITTED, status == McStatus.NOT_PERMITTED ? 1 : 0);
  }

  /** Null for what no back end was asked for. */
  private static @Nullable GatewayHistogram times(McOperation operation) {
    return switch (operation) {
      case GET, GET_AND_TOUCH, META_GET -> GatewayHistogram.GET;
      case SET, ADD, REPLACE, APPEND, PREPEND -> GatewayHistogram.SET;
      case DELETE -> GatewayHistogram.DELETE;
      case INCR, DECR -> GatewayHistogram.INCR;
      case TOUCH -> GatewayHistogram.TOUCH;
      case FLUSH_ALL -> GatewayHistogram.FLUSH;
      case STATS -> GatewayHistogram.STATS;
      case LIST_KEYS, LOCAL, QUIT, AUTHENTICATE -> null;
    };
  }

  private static boolean isFailure(McStatus status) {
    return switch (status) {
      case GET_FAILED, GET_OUT_OF_MEMORY, STORE_FAILED, DELETE_FAILED -> true;
      case FLUSH_FAILED -> true;
      default -> false;
    };
  }

  private void countRead(McCommand command) {
    int keys = command.request().keys().size();
    int found = 0;
    for (int i = 0; i < keys; i++) {
      found += command.outcome().found().has(i) ? 1 : 0;
    }
    if (command.operation() == McOperation.GET_AND_TOUCH
        || command.request().has(KeyOptions.NEW_EXPIRY)) {
      metrics.add(GatewayMetric.CMD_TOUCH, keys);
      metrics.add(GatewayMetric.TOUCH_HITS, found);
      metrics.add(GatewayMetric.TOUCH_MISSES, keys - found);
    }
    metrics.add(GatewayMetric.CMD_GET, keys);
    metrics.add(GatewayMetric.GET_HITS, found);
    metrics.add(GatewayMetric.GET_MISSES, keys - found);
  }

  private void countStore(McCommand command, McStatus status) {
    metrics.add(GatewayMetric.CMD_SET, 1);
    metrics.add(GatewayMetric.TOTAL_ITEMS, status == McStatus.STORED ? 1 : 0);
    if (!command.request().has(KeyOptions.COMPARE)) {
      return;
    }
    switch (status) {
      case STORED -> metrics.add(GatewayMetric.CAS_HITS, 1);
      case EXISTS -> metrics.add(GatewayMetric.CAS_BADVAL, 1);
      case NOT_FOUND -> metrics.add(GatewayMetric.CAS_MISSES, 1);
      default -> {}
    }
  }
}
