package io.kumo.core.rpc;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ConnectionKind;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.protocol.status.NodeLinks;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: the handshake that decides its kind, requests to the endpoint's handlers, answers
 * to the session.
 *
 * <p>An incoming connection is a cluster connection when its first message is a ClusterInit, else a
 * subsystem connection for life. An outgoing one is what its endpoint is: managers and servers
 * introduce themselves, gateways do not. Malformed bytes close this connection only. Confined to
 * the loop.
 */
final class RpcConnection implements LinkListener, FrameDecoder.FrameHandler, Caller {
  private static final Logger log = LoggerFactory.getLogger(RpcConnection.class);

  private final RpcEndpoint endpoint;
  private final FrameDecoder decoder = new FrameDecoder();
  private final boolean outgoing;
  private @Nullable Link link;
  private @Nullable Inflow inflow;
  private @Nullable ConnectionKind kind;
  private @Nullable Peer session;
  private boolean introduced;
  private boolean ready;

  private RpcConnection(RpcEndpoint endpoint, @Nullable Peer session) {
    this.endpoint = endpoint;
    this.session = session;
    this.outgoing = session != null;
  }

  static RpcConnection incoming(RpcEndpoint endpoint) {
    return new RpcConnection(endpoint, null);
  }

  static RpcConnection outgoing(RpcEndpoint endpoint, Peer session) {
    return new RpcConnection(endpoint, session);
  }

  // ---- LinkListener ----

  @Override
  public void opened(Link opened) {
    link = opened;
    inflow = new Inflow(this, opened, endpoint.turns(), endpoint.flow(), endpoint.nanoTime());
    if (!outgoing) {
      endpoint.accepted(this);
      return;
    }
    Identity self = endpoint.identity();
    if (self == null) {
      kind = ConnectionKind.SUBSYSTEM;
      ready = true;
      requireSession().established(this);
    } else {
      kind = ConnectionKind.CLUSTER;
      introduce(self);
    }
  }

  private void introduce(Identity self) {
    self.introduction().encode(out());
  }

  @Override
  public void connectFailed(Throwable cause) {
    requireSession().attemptEnded(cause);
  }

  @Override
  public void received(ByteBuf in) {
    long nowNs = nanoTime();
    if (session != null) {
      session.heard(nowNs);
    }
    inflow().received(in, nowNs);
  }

  /** Handles what {@link Inflow} lets through. */
  void handle(ByteBuf in) {
    try {
      decoder.decode(in, this);
    } catch (MalformedMessageException e) {
      log.warn("malformed bytes from {}: {}; connection closed", remote(), e.getMessage());
      endpoint.flow().closedMalformed();
      close();
    }
  }

  @Override
  public void writable(boolean writable) {
    if (writable) {
      inflow().resume();
    }
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    endpoint.closed(this);
    if (inflow != null) {
      inflow.closed();
    }
    String detail = cause == null ? "connection closed" : String.valueOf(cause.getMessage());
    if (session != null && (ready || !outgoing)) {
      session.closed(this, detail);
    } else if (session != null) {
      session.attemptEnded(cause == null ? new EOFException(detail) : cause);
    }
  }

  // ---- FrameDecoder.FrameHandler ----

  @Override
  public void clusterInit(ClusterInit init) {
    Identity self = endpoint.identity();
    if (introduced || kind == ConnectionKind.SUBSYSTEM || self == null) {
      refuse("an introduction out of place");
      return;
    }
    if (!mayBe(init)) {
      refuse("an introduction as " + init.address() + ", which it is not connected from");
      return;
    }
    if (isOriginal() && Capabilities.isExtended(init.capabilities())) {
      refuse("an introduction as a node of kumo, not of kumofs, and has proved nothing");
      return;
    }
    if (!outgoing) {
      Peer peer = endpoint.peerOf(init.address());
      if (peer == null) {
        refuse("too many nodes");
        return;
      }
      kind = ConnectionKind.CLUSTER;
      session = peer;
      introduce(self);
    }
    introduced = true;
    ready = true;
    requireSession().bind(this, init);
  }

  /**
   * A node speaks for the host that it is connected from, or that its certificate names. Of one
   * that was connected to the address is known.
   */
  private boolean mayBe(ClusterInit init) {
    LinkProof proof = link == null ? LinkProof.OPEN : link.proof();
    return outgoing
        ? proof.node()
        : link != null && proof.mayBeNodeAt(init.address(), link.remoteHost());
  }

  private boolean mayAsk(Method method) {
    return method.allowedOn(kind()) && !(method.isExtended() && isOriginal());
  }

  /** Let in without proof, to say what nodes and tools of kumofs say. */
  private boolean isOriginal() {
    return link != null && link.proof().isOriginal();
  }

  @Override
  public boolean takesMore(ByteBuf in) {
    return inflow().takesMore(in);
  }

  @Override
  public void request(int messageId, int methodId, ByteBuf params) {
    if (settled()) {
      answer(messageId, methodId, params);
      inflow().handled();
    }
  }

  private void answer(int messageId, int methodId, ByteBuf params) {
    Method method = Method.byId(methodId);
    if (method != null && method.isAboutRecords() && isDropped()) {
      return;
    }
    Replier replier = new Replier(this, messageId, inflow().sinceNs());
    if (method == null || !mayAsk(method) || !endpoint.answers(method)) {
      log.info("{} sent the unknown method {}", remote(), methodId);
      replier.error(ErrorCode.PROTOCOL);
      return;
    }
    try {
      endpoint.dispatch(method, method.decode(params), this, replier);
    } catch (MalformedMessageException e) {
      log.info("{} sent a malformed {}: {}", remote(), method, e.getMessage());
      replier.error(ErrorCode.PROTOCOL);
    }
  }

  /** Whether a request is not worth its answer. */
  private boolean isDropped() {
    if (kind == ConnectionKind.CLUSTER && inflow().unsentBytes() > Limits.MAX_BACKLOG_BYTES) {
      endpoint.flow().droppedUnanswered();
      return true;
    }
    if (inflow().hasWaited() && nanoTime() - inflow().sinceNs() >= Limits.REQUEST_LIFETIME_NS) {
      endpoint.flow().droppedLate();
      return true;
    }
    return false;
  }

  @Override
  public void response(int messageId, @Nullable ByteBuf error, ByteBuf result) {
    if (settled() && session != null) {
      session.answers().complete(messageId, error, result);
      inflow().handled();
    }
  }

  /**
   * The first message of an incoming connection decides its kind; an outgoing cluster one awaits
   * the introduction.
   */
  private boolean settled() {
    if (kind == null) {
      kind = ConnectionKind.SUBSYSTEM;
      endpoint.subsystemConnected(this);
    } else if (kind == ConnectionKind.CLUSTER && !introduced) {
      refuse("a message before the introduction");
      return false;
    }
    return true;
  }

  private void refuse(String why) {
    log.warn("{} sent {}; connection closed", remote(), why);
    endpoint.flow().closedMalformed();
    close();
  }

  // ---- Caller ----

  @Override
  public ConnectionKind kind() {
    return kind == null ? ConnectionKind.SUBSYSTEM : kind;
  }

  @Override
  public @Nullable Peer node() {
    return kind == ConnectionKind.CLUSTER ? session : null;
  }

  @Override
  public Peer back() {
    if (session == null) {
      session = new Peer(endpoint, this);
    }
    return session;
  }

  @Override
  public String remote() {
    return link == null ? "?" : link.remote();
  }

  // ---- for Peer and Replier ----

  ByteBuf out() {
    return link == null ? Unpooled.buffer() : link.out();
  }

  /** Bytes appended and not yet taken by the network. */
  long unsentBytes() {
    return inflow == null ? 0 : inflow.count();
  }

  /** Whether the other end has proved nothing. */
  boolean isUnproved() {
    return link == null || link.proof().isOpen();
  }

  boolean isOutgoing() {
    return outgoing;
  }

  /** Adds what is at its other end, and what that has proved. */
  void tell(NodeLinks links) {
    if (link != null) {
      links.add(kindOfOther(), other(link), link.proof().toString());
    }
  }

  private String kindOfOther() {
    if (session == null || session.address() == null) {
      return NodeLink.CLIENT;
    }
    // what gateways connect to does not introduce itself: they know who their managers are
    return session.role() == Role.MANAGER ? NodeLink.MANAGER : NodeLink.SERVER;
  }

  private String other(Link open) {
    NodeAddress address = session == null ? null : session.address();
    return address == null ? open.remoteHost() : address.toString();
  }

  boolean isOpen() {
    return link != null && link.isOpen();
  }

  long nanoTime() {
    return endpoint.nanoTime();
  }

  void whenTaken(Runnable answer) {
    inflow().whenTaken(answer);
  }

  /** Of a gateway or a tool, whose requests wait while it does not take its answers. */
  boolean isClient() {
    return kind == ConnectionKind.SUBSYSTEM && !outgoing;
  }

  /** Between a manager and a node: it carries little, and nothing of it may wait. */
  boolean isControl() {
    return kind == ConnectionKind.CLUSTER
        && session != null
        && (endpoint.isManager() || session.role() == Role.MANAGER);
  }

  /** Goes on where the other end has taken something; closes where it takes nothing for long. */
  void check(long nowNs) {
    if (link != null && inflow != null && !inflow.check(nowNs)) {
      log.warn("{} does not take what is sent to it; connection closed", remote());
      endpoint.flow().closedStalled();
      link.abort();
    }
  }

  void setNoDelay(boolean noDelay) {
    if (link != null) {
      link.setNoDelay(noDelay);
    }
  }

  void close() {
    if (link != null) {
      link.close();
    }
  }

  /** Expires the calls made back over a subsystem connection. */
  void expire(long nowNs) {
    if (kind == ConnectionKind.SUBSYSTEM && !outgoing && session != null) {
      session.expire(nowNs);
    }
  }

  private Inflow inflow() {
    return Objects.requireNonNull(inflow, "a connection that is not open");
  }

  private Peer requireSession() {
    if (session == null) {
      throw new IllegalStateException("an outgoing connection without session");
    }
    return session;
  }

  @Override
  public String toString() {
    return remote();
  }
}
