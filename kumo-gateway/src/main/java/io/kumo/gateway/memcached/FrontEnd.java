package io.kumo.gateway.memcached;

import io.kumo.core.clock.TimeSource;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.kumo.gateway.metrics.GatewayTotals;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** What the client connections of one event loop share. Confined to that loop. */
public final class FrontEnd {
  /** Makes the decoder of a connection, told the first byte that it sent. */
  public interface Decoders {
    RequestDecoder forFirstByte(byte first);
  }

  private final ClientLimits limits;
  private final CommandExecutor executor;
  private final Consumer<Runnable> batchEnd;
  private final TimeSource time;
  private final ConnectionTable table;
  private final GatewayMetrics metrics;
  private final McStats stats;
  private final FlightBudget budget;
  private final Set<ClientConnection> connections = new LinkedHashSet<>();

  /**
   * @param batchEnd runs a task once when the events being handled now are done, as {@code
   *     Transport.atBatchEnd} does
   */
  public FrontEnd(
      ClientLimits limits,
      CommandExecutor executor,
      Consumer<Runnable> batchEnd,
      TimeSource time,
      ConnectionTable table,
      GatewayMetrics metrics) {
    this.limits = limits;
    this.executor = executor;
    this.batchEnd = batchEnd;
    this.time = time;
    this.table = table;
    this.metrics = metrics;
    this.stats = new McStats(metrics);
    this.budget = new FlightBudget(limits.maxTotalBytesInFlight(), metrics);
  }

  /** The only one of its gateway. */
  public FrontEnd(
      ClientLimits limits, CommandExecutor executor, Consumer<Runnable> batchEnd, TimeSource time) {
    this(
        limits,
        executor,
        batchEnd,
        time,
        new ConnectionTable(limits.maxConnections()),
        new GatewayTotals().newLoop());
  }

  /** Closes the connections without a request for longer than the limits allow. */
  public void closeIdle() {
    if (limits.idleNs() == 0) {
      return;
    }
    long now = time.nanoTime();
    for (ClientConnection connection : Set.copyOf(connections)) {
      if (now - connection.lastRequestNs() > limits.idleNs() && connection.isIdle()) {
        metrics.add(GatewayMetric.IDLE_KICKS, 1);
        connection.close();
      }
    }
  }

  /** Closes all connections. */
  public void closeAll() {
    Set.copyOf(connections).forEach(ClientConnection::close);
  }

  public GatewayMetrics metrics() {
    return metrics;
  }

  /** The open connections of the whole gateway. */
  public ConnectionTable table() {
    return table;
  }

  public ClientLimits limits() {
    return limits;
  }

  /** Lends the open connections of this loop, oldest first. */
  public Set<ClientConnection> connections() {
    return connections;
  }

  /** Bytes of values in flight. */
  public long bytesInFlight() {
    return budget.bytes();
  }

  CommandExecutor executor() {
    return executor;
  }

  McStats stats() {
    return stats;
  }

  FlightBudget budget() {
    return budget;
  }

  TimeSource time() {
    return time;
  }

  void atBatchEnd(Runnable task) {
    batchEnd.accept(task);
  }
}
