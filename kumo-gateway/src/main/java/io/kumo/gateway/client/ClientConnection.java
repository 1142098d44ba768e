package io.kumo.gateway.client;

import io.kumo.core.guard.Guard;
import io.kumo.core.net.NetworkErrors;
import io.kumo.gateway.auth.Login;
import io.kumo.gateway.budget.Holding;
import io.kumo.gateway.budget.Relief;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.AttributeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: bytes in, commands to the executor, replies out in request order.
 *
 * <p>Invariants: commands that share a key, one of which writes, run one after the other; replies
 * leave once per batch of events; no bytes are read while the client does not drain its replies or
 * holds as much as its limits allow; every byte that it has sent, that it has not read, or that is
 * on its way to it counts in the budget of the loop. Confined to its channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel, which is heard
public final class ClientConnection extends ChannelInboundHandlerAdapter
    implements McCommand.CommandOwner, Relief.Holder {
  /** Of a channel of the file system: the path that clients connect to. */
  public static final AttributeKey<String> FILE = AttributeKey.valueOf("kumo.file");

  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final Guard.Action<ClientConnection, McCommand> COMPLETION =
      ClientConnection::replyAfter;

  private final ClientLoop clientLoop;
  private final ReplyQueue queue = new ReplyQueue();
  private final ClientLink link = new ClientLink();
  private final ClientGuard guard;
  private final Admission admission;
  private final RequestSource requests;
  private final ClientAccount account;
  private final PipelineOrder order;
  private final RequestTurns turns;
  private final ClientBatch batchEnd;
  private final Runnable giveUp;

  /**
   * @param secured whether a handshake comes first; see {@link ClientEvent#SECURED}
   */
  public ClientConnection(ClientLoop clientLoop, ClientLoop.Decoders decoders, boolean secured) {
    this.clientLoop = clientLoop;
    Login login = clientLoop.newLogin();
    guard = new ClientGuard(this, link, clientLoop.metrics());
    admission = new Admission(clientLoop, this, link, login, secured);
    requests = new RequestSource(decoders, login);
    order = new PipelineOrder(clientLoop, queue);
    Runnable goOn = this::scheduleBatchEnd;
    account = new ClientAccount(clientLoop, queue, this, goOn);
    RequestTurns.Calls calls =
        new RequestTurns.Calls(this, admission::verify, this::takeTurn, goOn);
    turns = new RequestTurns(clientLoop, link, requests, account, order, queue, calls);
    batchEnd = new ClientBatch(clientLoop, link, order, turns, guard);
    giveUp = new GivingUp(clientLoop, link, requests, account, queue, turns, batchEnd)::giveUp;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    GatewayMetrics metrics = clientLoop.metrics();
    ReplyWriter replies = new ReplyWriter(channel, queue, account, metrics);
    ReadGate gate = new ReadGate(channel, metrics, clientLoop.uploads());
    link.opened(channel, gate, replies);
    turns.received();
    if (!admission.enter(turns.lastRequestNs())) {
      replies.write(Unpooled.wrappedBuffer(requests.tooManyConnections()));
      link.closeWhenFlushed();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    clientLoop.metrics().add(GatewayMetric.BYTES_READ, bytes.readableBytes());
    if (!link.isOpen()) {
      bytes.release();
      return;
    }
    link.gate().hasRead();
    requests.add(ctx.alloc(), bytes);
    turns.received();
    turns.decode();
    clientLoop.makeRoom(0);
    if (link.isClosing()) {
      scheduleBatchEnd();
    }
  }

  private void takeTurn() {
    guard.run(turns::next);
  }

  @Override
  public boolean postpone(McCommand command) {
    boolean postponed = !link.isClosed() && account.postpone(command);
    if (postponed) {
      scheduleBatchEnd();
    }
    return postponed;
  }

  @Override
  public boolean mayHold(McCommand command, long bytes) {
    boolean held = account.mayHold(command, bytes) && link.isOpen();
    clientLoop.metrics().add(GatewayMetric.VALUES_REFUSED, held ? 0 : 1);
    return held;
  }

  @Override
  public void send(McCommand command, ByteBuf part, Runnable taken) {
    if (link.isClosed() || !queue.isHead(command)) {
      part.release();
      taken.run();
      return;
    }
    link.replies().write(part, () -> guard.run(taken));
  }

  @Override
  public Holding holding() {
    if (!link.isClosed()) {
      link.replies().countUnread();
    }
    return account.holding();
  }

  @Override
  public void unlisted() {
    account.unlisted();
  }

  @Override
  public void giveUp() {
    guard.run(giveUp);
  }

  @Override
  public void completed(McCommand command) {
    guard.run(COMPLETION, this, command);
  }

  private void replyAfter(McCommand command) {
    order.leave(command);
    account.noLongerAsked(command);
    clientLoop.stats().count(command, clientLoop.time().nanoTime());
    if (!queue.isHead(command)) {
      account.completed(command);
    }
    if (!link.replies().encodeDue()) {
      link.beginClosing();
    }
    scheduleBatchEnd();
  }

  private void scheduleBatchEnd() {
    batchEnd.schedule();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && !link.isClosed()) {
      scheduleBatchEnd();
    }
  }

  /** A client that has shut down its side still gets the replies to what it sent. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ClientEvent.SECURED) {
      admission.secured();
    } else if (event instanceof ChannelInputShutdownEvent && link.gate().end()) {
      scheduleBatchEnd();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (NetworkErrors.include(cause)) {
      LOG.debug("client {}: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      clientLoop.metrics().add(GatewayMetric.BUGS, 1);
      Guard.ofProcess().bug("client", this, cause);
    }
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    link.closed();
    admission.leave();
    account.dropQueue();
    requests.close();
    link.replies().discard();
    account.holdNothing();
    account.stopWaiting();
    clientLoop.budget().resumeWaiting();
  }

  /** Closes now; what is under way is dropped when it completes. */
  public void close() {
    link.close();
  }

  /** Greater than those of connections opened before; 0 for one that is refused. */
  public long id() {
    return admission.id();
  }

  /** When bytes last came, on the monotonic clock; to another thread, a moment ago. */
  public long lastRequestNs() {
    return turns.lastRequestNs();
  }

  boolean isIdle() {
    return queue.isEmpty();
  }

  /** Requests that have not been answered; to another thread, a moment ago. */
  public int commandsInFlight() {
    return queue.size();
  }

  /** The client's address, as {@code stats conns} shows it. */
  public String remote() {
    return link.remote();
  }

  /** How the client is connected: {@code tcp} or {@code unix}. */
  public String kind() {
    return link.kind();
  }

  /** The address that the client connected to. */
  public String local() {
    return link.local();
  }

  @Override
  public String toString() {
    return link.isNew() ? "a new client" : remote();
  }
}
