package io.kumo.core.rpc;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.status.NodeLinks;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.ConnectionRefusedException;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with one remote process: its connections, the calls that wait for an answer, and who
 * it said it is.
 *
 * <p>A session outlives its connections. While one is being opened, calls wait for it, encoded;
 * when none can be had they fail at once with {@link ErrorCode#NOT_SENT}. A call whose connection
 * breaks fails at once too: its answer cannot come any more. When a session that knew its peer's
 * role cannot be restored within the retry limit it is lost, and {@link NodeListener#nodeLost}
 * tells.
 *
 * <p>A handler that throws costs nobody else: neither the connection nor other calls' answers.
 *
 * <p>Bounds: {@link Limits#MAX_PENDING_CALLS} calls, {@link Limits#MAX_BACKLOG_BYTES} bytes not yet
 * taken by the network, and what all sessions of the loop may hold. A call beyond any fails with
 * {@code NOT_SENT}, unless it is a control message.
 *
 * <p>Confined to the loop of its endpoint.
 */
public final class Peer implements Connector.ConnectSession {
  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  private static final long SHORTEST_ATTEMPT_NS = Duration.ofSeconds(1).toNanos();

  private final RpcEndpoint endpoint;
  private final @Nullable NodeAddress address;
  private final @Nullable Connector connector;
  private final List<RpcConnection> connections = new ArrayList<>(2);
  private final PendingCalls pending;
  private final CallAnswers answers;
  private final Backlog backlog;
  private long heardNs;
  private @Nullable Role role;
  private int capabilities;
  private long incarnation;
  private String zone = "";
  private boolean dead;

  /** The session with a node that can be connected to. */
  Peer(RpcEndpoint endpoint, NodeAddress address) {
    this.endpoint = endpoint;
    this.address = address;
    this.pending = new PendingCalls(guard());
    this.answers = new CallAnswers(this, pending, guard());
    this.backlog = new Backlog(endpoint.transport(), endpoint.flow());
    this.heardNs = endpoint.nanoTime();
    this.connector =
        new Connector(endpoint.transport(), address, endpoint.options(), endpoint.random(), this);
  }

  /** The session with whoever opened a subsystem connection; it ends with that connection. */
  Peer(RpcEndpoint endpoint, RpcConnection only) {
    this.endpoint = endpoint;
    this.address = null;
    this.pending = new PendingCalls(guard());
    this.answers = new CallAnswers(this, pending, guard());
    this.backlog = new Backlog(endpoint.transport(), endpoint.flow());
    this.heardNs = endpoint.nanoTime();
    this.connector = null;
    connections.add(only);
  }

  /**
   * Sends a request.
   *
   * @param message borrowed; encoded before this returns
   * @param timeoutNs after which the handler gets {@link ErrorCode#TIMEOUT}
   * @param handler called once; within this call when the request cannot be sent
   */
  public void call(Message message, long timeoutNs, ReplyHandler handler) {
    assert isInLoop();
    if (endpoint.isClosed()) {
      PendingCalls.fail(guard(), handler, ErrorCode.NOT_SENT, "shutting down");
      return;
    }
    boolean control = !message.method().isAboutRecords();
    if (pending.size() >= maxPending(control)) {
      refuse(handler, "too many calls wait for " + this);
      return;
    }
    RpcConnection connection = openConnection();
    if (connection == null && (connector == null || !connector.demand())) {
      PendingCalls.fail(guard(), handler, ErrorCode.NOT_SENT, "no connection to " + this);
      return;
    }
    ByteBuf out = connection == null ? backlog.out() : connection.out();
    int before = out.readableBytes();
    long unsent = connection == null ? before : connection.unsentBytes();
    if (!control && (unsent > Limits.MAX_BACKLOG_BYTES || endpoint.flow().isFull(unsent))) {
      refuse(handler, this + " does not take what is sent to it");
      return;
    }
    int messageId = pending.add(handler, endpoint.nanoTime() + timeoutNs, connection);
    Frames.request(out, messageId, message);
    if (connection == null) {
      backlog.added(out.readableBytes() - before);
    }
  }

  private static int maxPending(boolean control) {
    return Limits.MAX_PENDING_CALLS + (control ? Limits.MAX_PENDING_CONTROL_CALLS : 0);
  }

  private void refuse(ReplyHandler handler, String why) {
    endpoint.flow().refusedCall();
    PendingCalls.fail(guard(), handler, ErrorCode.NOT_SENT, why);
  }

  /** Opens a connection if there is none, and keeps on trying until there is. */
  public void keepConnected() {
    assert isInLoop();
    if (connector != null) {
      connector.setPersistent(true);
      connector.demand();
    }
  }

  /**
   * The same, in attempts that take at most as long as that, or a second: for a node whose
   * heartbeats are asked for in such an interval, and that is to be found soon after the network is
   * whole again.
   */
  public void keepConnected(long intervalNs) {
    if (connector != null) {
      connector.limitAttempts(Math.max(intervalNs, SHORTEST_ATTEMPT_NS));
    }
    keepConnected();
  }

  /** When its connections end they are not made again before somebody calls it. */
  public void keepNoLonger() {
    if (connector != null) {
      connector.setPersistent(false);
    }
  }

  /**
   * Gives the session up: closes its connections, fails its calls, and tells that the node is lost.
   */
  public void drop(String reason) {
    log.info("giving up the session with {}: {}", this, reason);
    lose(reason);
  }

  /** Gives the session up and does not look for the node again until somebody calls it. */
  public void letGo(String reason) {
    keepNoLonger();
    drop(reason);
  }

  /** Null for the owner of a subsystem connection. */
  public @Nullable NodeAddress address() {
    return address;
  }

  /** Null until it has introduced itself, and on subsystem connections. */
  public @Nullable Role role() {
    return role;
  }

  public int capabilities() {
    return capabilities;
  }

  /** Random per process start; 0 when unknown, as an original's is. */
  public long incarnation() {
    return incarnation;
  }

  /** Where it says that it is; empty for nowhere. */
  public String zone() {
    return zone;
  }

  public boolean connected() {
    return !connections.isEmpty();
  }

  /**
   * Whether the process is known to be gone: its machine has refused the last attempt to connect,
   * or another process introduced itself. What {@link NodeListener#nodeLost} tells of is silence
   * otherwise, which may as well be the fault of the network.
   */
  public boolean isDead() {
    return dead;
  }

  /**
   * When bytes of it were received last, whether they have been handled or not: a heartbeat, by
   * {@link io.kumo.core.clock.TimeSource#nanoTime}.
   */
  public long heardNs() {
    return heardNs;
  }

  public int pendingCalls() {
    return pending.size();
  }

  /** Switches TCP_NODELAY on all connections and tells how many there are. */
  public int setNoDelay(boolean noDelay) {
    connections.forEach(connection -> connection.setNoDelay(noDelay));
    return connections.size();
  }

  @Override
  public String toString() {
    return address != null ? address.toString() : "client " + connections;
  }

  // ---- what connections tell ----

  /** The peer introduced itself on {@code connection}. */
  void bind(RpcConnection connection, ClusterInit init) {
    boolean restarted = role != null && incarnation != init.incarnation();
    if (restarted) {
      dead = true;
      lose("it was restarted");
    }
    boolean appeared = role == null;
    role = init.role();
    capabilities = init.capabilities();
    incarnation = init.incarnation();
    zone = init.zone();
    established(connection);
    if (appeared) {
      endpoint.nodeAppeared(this);
    }
  }

  /** A connection is ready for requests. */
  void established(RpcConnection connection) {
    connections.add(connection);
    dead = false;
    if (connector != null) {
      connector.connected();
    }
    if (backlog.sendOn(connection)) {
      pending.sentOn(connection);
    }
  }

  /** An outgoing connection could not be made ready. */
  void attemptEnded(Throwable cause) {
    dead = cause instanceof ConnectionRefusedException;
    if (connector != null) {
      connector.failed(cause);
    }
  }

  /** A connection that was ready is gone. */
  void closed(RpcConnection connection, String detail) {
    pending.failSentOn(connection, detail);
    boolean given = connections.remove(connection);
    if (!given || !connections.isEmpty() || connector == null) {
      return;
    }
    if (role == null) {
      connector.lost();
    } else {
      connector.restore();
    }
  }

  /** Of those that were opened here; who accepted the others knows them. */
  void tellOutgoing(NodeLinks links) {
    connections.stream().filter(RpcConnection::isOutgoing).forEach(one -> one.tell(links));
  }

  CallAnswers answers() {
    return answers;
  }

  private boolean isInLoop() {
    return endpoint.transport().inLoop();
  }

  private Guard guard() {
    return endpoint.transport().guard();
  }

  /** Bytes of it were received, whatever they say and whenever that is looked at. */
  void heard(long nowNs) {
    heardNs = nowNs;
  }

  void expire(long nowNs) {
    assert isInLoop();
    pending.expire(nowNs);
    for (int i = connections.size() - 1; i >= 0; i--) {
      connections.get(i).check(nowNs);
    }
  }

  void shutDown() {
    if (connector != null) {
      connector.close();
    }
    List.copyOf(connections).forEach(RpcConnection::close);
    connections.clear();
    backlog.drop();
    pending.failAll("shutting down");
  }

  // ---- Connector.ConnectSession ----

  @Override
  public RpcConnection outgoing() {
    dead = false;
    return RpcConnection.outgoing(endpoint, this);
  }

  @Override
  public void attemptFailed(Throwable cause, boolean exhausted) {
    backlog.drop();
    pending.failUnsent("cannot connect to " + this + ": " + cause.getMessage());
    if (exhausted) {
      lose("it cannot be reached: " + cause.getMessage());
    }
  }

  private void lose(String reason) {
    assert isInLoop();
    Role lostRole = role;
    List<RpcConnection> open = List.copyOf(connections);
    connections.clear();
    open.forEach(RpcConnection::close);
    backlog.drop();
    if (connector != null) {
      connector.lost();
    }
    pending.failAll(reason);
    if (lostRole != null) {
      endpoint.nodeLost(this);
    }
    role = null;
  }

  private @Nullable RpcConnection openConnection() {
    return connections.isEmpty() ? null : connections.get(0);
  }
}
