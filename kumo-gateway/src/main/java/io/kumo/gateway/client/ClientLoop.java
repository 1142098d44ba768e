package io.kumo.gateway.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.clock.TimeSource;
import io.kumo.gateway.auth.Authenticator;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.auth.LoopCalls;
import io.kumo.gateway.budget.FlightBudget;
import io.kumo.gateway.budget.Relief;
import io.kumo.gateway.memcached.CommandExecutor;
import io.kumo.gateway.memcached.RequestDecoder;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.kumo.gateway.metrics.GatewayTotals;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the client connections of one event loop share. Confined to that loop. */
public final class ClientLoop {
  private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(US_ASCII);

  /** Makes the decoder of a connection, told the first byte that it sent. */
  public interface Decoders {
    /**
     * The decoder of one connection.
     *
     * @param login who the client is, once it has said so
     */
    RequestDecoder forFirstByte(byte first, Login login);

    /** What one connection too many is told before it is closed; not to be changed. */
    default byte[] tooManyConnections() {
      return TOO_MANY;
    }
  }

  /** When the loop runs what is to be done later. */
  public interface TurnBound extends LoopCalls {
    /** Runs the task once when the events being handled now are done. */
    void atBatchEnd(Runnable task);

    /** Runs the task after the sockets that are ready by then have been read. */
    void atNextTurn(Runnable task);
  }

  private static final int KEPT_ORDERS = 64;

  private ClientLimits limits;
  private final Supplier<Login> logins;
  private final Strangers strangers;
  private final CommandExecutor executor;
  private final TurnBound turns;
  private final TimeSource time;
  private final ConnectionTable table;
  private final GatewayMetrics metrics;
  private final McStats stats;
  private final FlightBudget budget;
  private final Relief relief;
  private final UploadTurns uploads;
  private final ReadForecast.Common typical = new ReadForecast.Common();
  private final ArrayDeque<KeyOrder> freeOrders = new ArrayDeque<>();
  private final Set<ClientConnection> connections = new LinkedHashSet<>();

  /**
   * @param authenticator whom clients have to convince of who they are; null: nobody
   */
  public ClientLoop(
      ClientLimits limits,
      CommandExecutor executor,
      TurnBound turns,
      TimeSource time,
      ConnectionTable table,
      GatewayMetrics metrics,
      @Nullable Authenticator authenticator) {
    this.limits = limits;
    this.logins = logins(authenticator, turns, time);
    this.strangers = new Strangers(limits.maxConnections(), metrics);
    this.executor = executor;
    this.turns = turns;
    this.time = time;
    this.table = table;
    this.metrics = metrics;
    this.stats = new McStats(metrics);
    this.budget = new FlightBudget(limits.maxTotalBytesInFlight(), metrics);
    this.relief = new Relief(budget);
    this.uploads = new UploadTurns(turns);
  }

  /** The only one of its gateway. */
  public ClientLoop(
      ClientLimits limits, CommandExecutor executor, TurnBound turns, TimeSource time) {
    this(
        limits,
        executor,
        turns,
        time,
        new ConnectionTable(limits.maxConnections()),
        new GatewayTotals().newLoop(),
        null);
  }

  private static Supplier<Login> logins(
      @Nullable Authenticator authenticator, LoopCalls loop, TimeSource time) {
    if (authenticator == null) {
      return () -> Login.OPEN;
    }
    Login.Desk desk = new Login.Desk(authenticator, loop, time);
    return () -> Login.required(desk);
  }

  /** Of one client, that has yet to say who it is if it must. */
  Login newLogin() {
    return logins.get();
  }

  /** The connections whose clients have not said yet who they are. */
  Strangers strangers() {
    return strangers;
  }

  /**
   * Closes the connections without a request for longer than the limits allow, and those of clients
   * that have not said in time who they are; to be called every second or so.
   */
  public void closeIdle() {
    strangers.closeOld(time.nanoTime());
    if (limits.idleNs() == 0) {
      return;
    }
    long now = time.nanoTime();
    for (ClientConnection connection : List.copyOf(connections)) {
      if (now - connection.lastRequestNs() > limits.idleNs() && connection.isIdle()) {
        metrics.add(GatewayMetric.IDLE_KICKS, 1);
        connection.close();
      }
    }
  }

  /**
   * Has connections give up what they hold when others wait for room; to be called several times a
   * second.
   */
  public void relieve() {
    relief.look(time.nanoTime());
    budget.resumeWaiting();
  }

  /** Whether so many bytes more are within the bound, after others have made room for them. */
  boolean makeRoom(long more) {
    if (budget.overflow(more) > 0) {
      relief.makeRoom(time.nanoTime(), more);
    }
    return budget.overflow(more) <= 0;
  }

  /** Closes all connections. */
  public void closeAll() {
    List.copyOf(connections).forEach(ClientConnection::close);
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

  /** The gateway accepts so many clients from now on; on the loop. */
  public void limitConnections(int connections) {
    limits = limits.withMaxConnections(connections);
    strangers.limit(connections);
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

  Relief relief() {
    return relief;
  }

  UploadTurns uploads() {
    return uploads;
  }

  ReadForecast newForecast() {
    return new ReadForecast(typical);
  }

  /** Lends an order in which nothing runs. */
  KeyOrder takeOrder() {
    KeyOrder order = freeOrders.pollLast();
    return order == null ? new KeyOrder() : order;
  }

  /** Takes an order back; one in which commands of a connection that is gone run is left alone. */
  void giveBack(KeyOrder order) {
    if (order.isIdle() && freeOrders.size() < KEPT_ORDERS) {
      freeOrders.addLast(order);
    }
  }

  /** Runs the task once when the events being handled now are done. On the loop. */
  public void atBatchEnd(Runnable task) {
    turns.atBatchEnd(task);
  }

  void atNextTurn(Runnable task) {
    turns.atNextTurn(task);
  }
}
