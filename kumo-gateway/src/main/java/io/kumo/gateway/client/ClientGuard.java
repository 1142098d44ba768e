package io.kumo.gateway.client;

import io.kumo.core.guard.Guard;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;

/**
 * Runs what is done for one client: what it throws costs that client's connection, no other.
 * Confined to its event loop.
 */
final class ClientGuard {
  private final Object connection;
  private final ClientLink link;
  private final GatewayMetrics metrics;

  /**
   * @param connection what is named where a bug is logged
   */
  ClientGuard(Object connection, ClientLink link, GatewayMetrics metrics) {
    this.connection = connection;
    this.link = link;
    this.metrics = metrics;
  }

  void run(Runnable task) {
    if (!Guard.ofProcess().run("client", connection, task)) {
      close();
    }
  }

  /** As {@link #run(Runnable)}, without an allocation when the action is a constant. */
  <A, B> void run(Guard.Action<A, B> action, A first, B second) {
    if (!Guard.ofProcess().run("client", connection, action, first, second)) {
      close();
    }
  }

  private void close() {
    metrics.add(GatewayMetric.BUGS, 1);
    link.close();
  }
}
