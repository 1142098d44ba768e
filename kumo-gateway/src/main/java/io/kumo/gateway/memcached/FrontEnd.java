package io.kumo.gateway.memcached;

import io.kumo.core.clock.TimeSource;
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
  private final McStats stats = new McStats();
  private final FlightBudget budget;
  private final Set<ClientConnection> connections = new LinkedHashSet<>();

  /**
   * @param batchEnd runs a task once when the events being handled now are done, as {@code
   *     Transport.atBatchEnd} does
   */
  public FrontEnd(
      ClientLimits limits, CommandExecutor executor, Consumer<Runnable> batchEnd, TimeSource time) {
    this.limits = limits;
    this.executor = executor;
    this.batchEnd = batchEnd;
    this.time = time;
    this.budget = new FlightBudget(limits.maxTotalBytesInFlight());
  }

  /** Closes the connections without a request for longer than the limits allow. */
  public void closeIdle() {
    if (limits.idleNs() == 0) {
      return;
    }
    long now = time.nanoTime();
    for (ClientConnection connection : Set.copyOf(connections)) {
      if (now - connection.lastRequestNs() > limits.idleNs() && connection.isIdle()) {
        stats.add(McStats.Counter.IDLE_KICKS, 1);
        connection.close();
      }
    }
  }

  /** Closes all connections. */
  public void closeAll() {
    Set.copyOf(connections).forEach(ClientConnection::close);
  }

  public McStats stats() {
    return stats;
  }

  public ClientLimits limits() {
    return limits;
  }

  /** Lends the open connections, oldest first. */
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
