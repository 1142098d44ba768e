package io.kumo.core.rpc;

import io.kumo.core.guard.Guard;
import io.kumo.core.log.LogId;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.protocol.status.NodeLinks;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process as others see it: what it answers, whom it knows, where it listens.
 *
 * <p>Confined to its transport's loop, except {@link #listen}, {@link #handle} and {@link
 * #addNodeListener}, which belong to the time before the first connection.
 */
public final class RpcEndpoint {
  private static final Logger log = LoggerFactory.getLogger(RpcEndpoint.class);
  private static final long TICK_NS = Duration.ofMillis(50).toNanos();

  private final Transport transport;
  private final @Nullable Identity identity;
  private final RpcOptions options;
  private final RandomGenerator random;
  private final Map<Method, Handler<? extends Message>> handlers = new EnumMap<>(Method.class);
  private final Map<NodeAddress, Peer> peers = new LinkedHashMap<>();
  private final Set<RpcConnection> connections = new LinkedHashSet<>();
  private final List<RpcConnection> subsystems = new ArrayList<>();
  private final List<NodeListener> listeners = new ArrayList<>();
  private final List<Listening> listening = new ArrayList<>();
  private final Guard.Action<Message, Replier> handling = this::handleNow;
  private final Flow flow;
  private final Turns turns;
  private final TimeBound timeBound;
  private final Cancellable ticking;
  private boolean closed;

  /**
   * @param identity null for a process that does not introduce itself (gateways)
   * @param random source of jitter
   */
  public RpcEndpoint(
      Transport transport,
      @Nullable Identity identity,
      RpcOptions options,
      RandomGenerator random) {
    this.transport = transport;
    this.identity = identity;
    this.options = options;
    this.random = random;
    this.flow = new Flow(transport.maxUnsentBytes());
    this.turns = new Turns(transport, flow);
    this.timeBound = new TimeBound(transport.time());
    this.ticking = transport.repeat(TICK_NS, "expiry of calls", this::tick);
  }

  /**
   * Sets what is done with a request; one handler a method. Methods without one are unknown to
   * callers.
   */
  public <M extends Message> void handle(Method method, Class<M> message, Handler<M> handler) {
    if (handlers.putIfAbsent(method, handler) != null) {
      throw new IllegalStateException("two handlers for " + method + ", " + message);
    }
  }

  public void addNodeListener(NodeListener listener) {
    listeners.add(listener);
  }

  /** Accepts connections. Any thread. */
  public NodeAddress listen(NodeAddress local) throws IOException {
    Listening open = transport.listen(local, () -> RpcConnection.incoming(this));
    listening.add(open);
    return open.address();
  }

  /** The session with a node; made when first asked for, without connecting. */
  public Peer peer(NodeAddress address) {
    Peer known = peers.get(address);
    if (known != null) {
      return known;
    }
    Peer made = new Peer(this, address);
    peers.put(address, made);
    return made;
  }

  /** All sessions ever asked for or introduced. */
  public Collection<Peer> peers() {
    return Collections.unmodifiableCollection(peers.values());
  }

  /** The owners of the subsystem connections that are open now, as sessions to call back over. */
  public List<Peer> subsystemPeers() {
    return subsystems.stream().map(RpcConnection::back).toList();
  }

  /** What the links that are open now have proved, to whom and from whom. On the loop. */
  public List<NodeLink> links() {
    assert transport.inLoop();
    NodeLinks links = new NodeLinks();
    connections.forEach(connection -> connection.tell(links));
    peers.values().forEach(peer -> peer.tellOutgoing(links));
    return links.list();
  }

  public int connectionCount() {
    return connections.size();
  }

  /** What is held and what went beyond bounds, as of a moment ago. Any thread. */
  public RpcStatistics statistics() {
    return flow.statistics();
  }

  /** What requests are held to already, for what comes in answers and within other messages. */
  public TimeBound timeBound() {
    return timeBound;
  }

  public @Nullable Identity identity() {
    return identity;
  }

  public Transport transport() {
    return transport;
  }

  /** Switches TCP_NODELAY on all open connections and tells how many there are. */
  public int setNoDelay(boolean noDelay) {
    connections.forEach(connection -> connection.setNoDelay(noDelay));
    int outgoing = peers.values().stream().mapToInt(peer -> peer.setNoDelay(noDelay)).sum();
    return Math.max(connections.size(), outgoing);
  }

  /** Stops listening, closes connections and fails the calls under way. On the loop. */
  public void close() {
    assert transport.inLoop();
    closed = true;
    ticking.cancel();
    listening.forEach(Listening::close);
    peers.values().forEach(Peer::shutDown);
    List.copyOf(connections).forEach(RpcConnection::close);
  }

  // ---- for connections and sessions ----

  /** Whether nothing is sent any more: who is told so must not have it connect again. */
  boolean isClosed() {
    return closed;
  }

  Flow flow() {
    return flow;
  }

  Turns turns() {
    return turns;
  }

  boolean isManager() {
    return identity != null && identity.role() == Role.MANAGER;
  }

  RpcOptions options() {
    return options;
  }

  RandomGenerator random() {
    return random;
  }

  long nanoTime() {
    return transport.time().nanoTime();
  }

  void accepted(RpcConnection connection) {
    assert transport.inLoop();
    connections.add(connection);
    if (closed || connections.size() > Limits.MAX_CONNECTIONS) {
      log.warn(
          LogId.NO_CONNECTION_LEFT, "connection from {} refused: too many", connection.remote());
      connection.close();
    }
  }

  void subsystemConnected(RpcConnection connection) {
    subsystems.add(connection);
  }

  void closed(RpcConnection connection) {
    connections.remove(connection);
    subsystems.remove(connection);
  }

  /**
   * The session for an introduction; null beyond the bound, for a stranger may make up addresses.
   */
  @Nullable Peer peerOf(NodeAddress introduced) {
    boolean full = !peers.containsKey(introduced) && peers.size() >= Limits.MAX_PEERS;
    return full ? null : peer(introduced);
  }

  void nodeAppeared(Peer peer) {
    listeners.forEach(
        listener -> guard().run("node listener", listener, () -> listener.nodeAppeared(peer)));
  }

  void nodeLost(Peer peer) {
    listeners.forEach(
        listener -> guard().run("node listener", listener, () -> listener.nodeLost(peer)));
  }

  boolean answers(Method method) {
    return handlers.containsKey(method);
  }

  void dispatch(Method method, Message message, RpcConnection caller, Replier replier) {
    assert transport.inLoop();
    if (timeBound.refuses(method, message.latestClockTime(), caller)) {
      replier.error(ErrorCode.PROTOCOL);
    } else if (!guard().run("request", method, handling, message, replier)) {
      log.error(
          LogId.REQUEST_FAILED,
          "{} from {} failed; its connection is closed",
          method,
          caller.remote());
      if (!replier.isAnswered()) {
        replier.error(ErrorCode.UNKNOWN);
      }
      caller.close();
    }
  }

  private void handleNow(Message message, Replier replier) {
    @SuppressWarnings("unchecked") // handle() pairs a method with its own message
    Handler<Message> handler = (Handler<Message>) handlers.get(message.method());
    Caller caller = replier.caller();
    try {
      handler.handle(message, caller, replier);
    } catch (RpcException e) {
      log.debug("{} from {} refused: {}", message.method(), caller.remote(), e.getMessage());
      replier.error(e.code());
    }
  }

  private Guard guard() {
    return transport.guard();
  }

  private void tick() {
    assert transport.inLoop();
    long nowNs = nanoTime();
    for (Peer peer : List.copyOf(peers.values())) {
      peer.expire(nowNs);
    }
    for (RpcConnection connection : List.copyOf(connections)) {
      connection.expire(nowNs);
      connection.check(nowNs);
    }
    int pendingCalls = peers.values().stream().mapToInt(Peer::pendingCalls).sum();
    int unproved = (int) connections.stream().filter(RpcConnection::isUnproved).count();
    flow.publish(connections.size(), unproved, pendingCalls, turns.waiting());
  }
}
