package io.kumo.gateway.client;

import io.kumo.core.protocol.Limits;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of one loop whose clients have not said yet who they are, though they must. So
 * that they keep nobody else out there is a time by which they have to, and a part of all
 * connections that they may take: beyond it the oldest of them goes. Confined to its event loop.
 */
final class Strangers {
  /** One of so many connections may be a stranger's. */
  private static final int PART = 4;

  private int most;
  private final GatewayMetrics metrics;
  private final Map<ClientConnection, Long> sinceNs = new LinkedHashMap<>();

  /**
   * @param maxConnections of the gateway
   */
  Strangers(int maxConnections, GatewayMetrics metrics) {
    this.metrics = metrics;
    limit(maxConnections);
  }

  /** The gateway has so many from now on. */
  void limit(int maxConnections) {
    most = Math.max(1, maxConnections / PART);
  }

  /** Another one has come. */
  void add(ClientConnection connection, long nowNs) {
    sinceNs.put(connection, nowNs);
    if (sinceNs.size() > most) {
      close(sinceNs.keySet().iterator().next());
    }
  }

  /** It is gone, or has said who it is. */
  void remove(ClientConnection connection) {
    sinceNs.remove(connection);
  }

  /** Closes those that have had their time. */
  void closeOld(long nowNs) {
    while (!sinceNs.isEmpty()) {
      Map.Entry<ClientConnection, Long> oldest = sinceNs.entrySet().iterator().next();
      if (nowNs - oldest.getValue() < Limits.LOGIN_NS) {
        return;
      }
      close(oldest.getKey());
    }
  }

  private void close(ClientConnection connection) {
    sinceNs.remove(connection);
    metrics.add(GatewayMetric.STRANGERS_CLOSED, 1);
    connection.close();
  }
}
