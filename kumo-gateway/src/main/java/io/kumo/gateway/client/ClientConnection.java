package io.kumo.gateway.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.guard.Guard;
import io.kumo.gateway.budget.Holding;
import io.kumo.gateway.budget.Relief;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(US_ASCII);
  private static final byte[] NO_ROOM =
      "SERVER_ERROR out of memory reading request\r\n".getBytes(US_ASCII);

  private static final Guard.Action<ClientConnection, McCommand> COMPLETION =
      ClientConnection::replyAfter;

  private final ClientLoop clientLoop;
  private final ReplyQueue queue = new ReplyQueue();
  private final Runnable batchEnd = this::endBatchGuarded;
  private final Runnable endBatch = this::endBatch;
  private final Runnable nextTurn = this::takeTurnGuarded;
  private final RequestSource requests;
  private final ClientAccount account;
  private final PipelineOrder order;

  private @Nullable Wire wire;
  private long id;
  private long lastRequestNs;
  private ConnectionState state = ConnectionState.OPEN;
  private DecodeTurn turn = DecodeTurn.IDLE;
  private boolean batchEndDue;

  /** What there is from the moment that the channel is open. */
  private record Wire(Channel channel, ReadGate gate, ReplyWriter replies) {}

  public ClientConnection(ClientLoop clientLoop, ClientLoop.Decoders decoders) {
    this.clientLoop = clientLoop;
    this.requests = new RequestSource(decoders);
    this.order = new PipelineOrder(clientLoop, queue);
    this.account = new ClientAccount(clientLoop, queue, this, this::scheduleBatchEnd);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    GatewayMetrics metrics = clientLoop.metrics();
    ReplyWriter replies = new ReplyWriter(channel, queue, account, metrics);
    ReadGate gate = new ReadGate(channel, metrics, clientLoop.uploads());
    wire = new Wire(channel, gate, replies);
    lastRequestNs = clientLoop.time().nanoTime();
    clientLoop.metrics().add(GatewayMetric.TOTAL_CONNECTIONS, 1);
    id = clientLoop.table().admit(this);
    if (id == 0) {
      clientLoop.metrics().add(GatewayMetric.REJECTED_CONNECTIONS, 1);
      replies.write(Unpooled.wrappedBuffer(TOO_MANY));
      closeWhenFlushed();
      return;
    }
    clientLoop.connections().add(this);
    clientLoop.metrics().add(GatewayMetric.CURR_CONNECTIONS, 1);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    clientLoop.metrics().add(GatewayMetric.BYTES_READ, bytes.readableBytes());
    if (state != ConnectionState.OPEN) {
      bytes.release();
      return;
    }
    wire().gate().hasRead();
    requests.add(ctx.alloc(), bytes);
    lastRequestNs = clientLoop.time().nanoTime();
    decode();
    clientLoop.makeRoom(0);
    if (state == ConnectionState.CLOSING) {
      scheduleBatchEnd();
    }
  }

  private void decode() {
    if (turn != DecodeTurn.IDLE || state == ConnectionState.CLOSED) {
      return;
    }
    turn = DecodeTurn.DECODING;
    account.clearWant();
    boolean yields = false;
    try {
      executePostponed();
      yields = decodeOneTurn();
    } finally {
      turn = yields ? DecodeTurn.YIELDED : DecodeTurn.IDLE;
    }
    afterDecoding();
  }

  /**
   * A client with very many requests lets others go first when it has had its share; returns
   * whether it has, and could go on.
   */
  private boolean decodeOneTurn() {
    int left = clientLoop.limits().maxRequestsPerEvent();
    while (state == ConnectionState.OPEN && mayDecode()) {
      McCommand command = requests.next();
      if (command == null) {
        return false;
      }
      boolean begins = !order.mustWait(command) && account.mayBegin(command);
      if (!begins || left <= 0) {
        requests.putBack(command);
        return begins;
      }
      left -= Math.max(1, command.request().keys().size());
      start(command);
    }
    return false;
  }

  private void takeTurnGuarded() {
    turn = DecodeTurn.IDLE;
    closeUnless(Guard.ofProcess().run("client", this, this::decode));
  }

  private boolean mayDecode() {
    ClientLimits limits = clientLoop.limits();
    boolean within =
        queue.isEmpty()
            || (queue.size() < limits.maxCommandsInFlight()
                && queue.chargedBytes() < limits.maxBytesInFlight());
    return within && channel().isWritable();
  }

  private void start(McCommand command) {
    McOperation operation = command.operation();
    account.begin(command);
    if (command.isDecided() || operation == McOperation.QUIT) {
      queue.add(command);
      command.admit(this);
      command.complete(command.isDecided() ? command.status() : McStatus.OK);
      return;
    }
    order.enter(command);
    queue.add(command);
    command.admit(this);
    clientLoop.executor().execute(command);
  }

  @Override
  public boolean postpone(McCommand command) {
    boolean postponed = state != ConnectionState.CLOSED && account.postpone(command);
    if (postponed) {
      scheduleBatchEnd();
    }
    return postponed;
  }

  /** What was postponed is asked for when the client has taken all before it. */
  private void executePostponed() {
    McCommand head = queue.postponedHead();
    if (head != null && account.mayExecuteAgain(head)) {
      account.executeAgain(head);
      clientLoop.executor().execute(head);
    }
  }

  @Override
  public boolean mayHold(McCommand command, long bytes) {
    boolean held = account.mayHold(command, bytes) && state == ConnectionState.OPEN;
    clientLoop.metrics().add(GatewayMetric.VALUES_REFUSED, held ? 0 : 1);
    return held;
  }

  /** Gives consumed input back and stops reading from a client that must wait. */
  private void afterDecoding() {
    if (requests.isFinished()) {
      beginClosing();
    }
    if (state != ConnectionState.OPEN) {
      requests.dropBytes();
    }
    requests.tidy(channel().alloc());
    countUnfinished();
    boolean open = state == ConnectionState.OPEN;
    boolean wantsRoom = state != ConnectionState.CLOSED && account.wantsRoom();
    boolean full = requests.hasBytes() && !mayDecode();
    boolean waits = open && (requests.isBlocked() || wantsRoom || full);
    wire().gate().readUnless(waits, open && requests.isUpload());
    if (turn == DecodeTurn.YIELDED) {
      clientLoop.metrics().add(GatewayMetric.CONN_YIELDS, 1);
      clientLoop.atNextTurn(nextTurn);
    }
    if (wantsRoom) {
      account.awaitRoom();
    }
    if (account.wantsTaken()) {
      wire().replies().whenTaken(this::scheduleBatchEnd);
    }
  }

  private void countUnfinished() {
    account.unfinished(
        requests.heldBytes(), lastRequestNs, requests.isBlocked(), requests.growthBytes());
  }

  @Override
  public Holding holding() {
    if (state != ConnectionState.CLOSED) {
      wire().replies().countUnread();
    }
    return account.holding();
  }

  @Override
  public void unlisted() {
    account.unlisted();
  }

  @Override
  public void giveUp() {
    closeUnless(Guard.ofProcess().run("client", this, this::giveUpMost));
  }

  /** The value that is arriving, or the connection when its client does not read. */
  private void giveUpMost() {
    if (state != ConnectionState.OPEN || turn == DecodeTurn.DECODING) {
      return;
    }
    Holding held = account.holding();
    McCommand refused = held.unreadBytes() > held.unfinishedBytes() ? null : requests.refuseStore();
    if (refused == null) {
      leave();
      return;
    }
    clientLoop.metrics().add(GatewayMetric.UPLOADS_GIVEN_UP, 1);
    start(refused);
    countUnfinished();
    scheduleBatchEnd();
  }

  private void leave() {
    clientLoop.metrics().add(GatewayMetric.MEMORY_KICKS, 1);
    boolean told = queue.isEmpty() && requests.speaksLines();
    beginClosing();
    requests.dropBytes();
    if (told && account.holding().unreadBytes() == 0) {
      wire().replies().write(Unpooled.wrappedBuffer(NO_ROOM));
      closeWhenFlushed();
    } else {
      close();
    }
    account.holdNothing();
  }

  @Override
  public void completed(McCommand command) {
    closeUnless(Guard.ofProcess().run("client", this, COMPLETION, this, command));
  }

  private void endBatchGuarded() {
    closeUnless(Guard.ofProcess().run("client", this, endBatch));
  }

  /** What a reply or the end of a batch throws costs this connection, no other. */
  private void closeUnless(boolean endedWell) {
    if (!endedWell) {
      clientLoop.metrics().add(GatewayMetric.BUGS, 1);
      close();
    }
  }

  private void replyAfter(McCommand command) {
    order.leave(command);
    account.noLongerAsked(command);
    clientLoop.stats().count(command);
    if (!queue.isHead(command)) {
      account.completed(command);
    }
    if (!wire().replies().encodeDue()) {
      beginClosing();
    }
    scheduleBatchEnd();
  }

  private void scheduleBatchEnd() {
    if (!batchEndDue) {
      batchEndDue = true;
      clientLoop.atBatchEnd(batchEnd);
    }
  }

  private void endBatch() {
    batchEndDue = false;
    if (state == ConnectionState.CLOSED) {
      return;
    }
    wire().replies().flush();
    clientLoop.makeRoom(0);
    clientLoop.budget().resumeWaiting();
    if (requests.isBlocked() || requests.hasBytes() || queue.postponedHead() != null) {
      decode();
    } else if (state == ConnectionState.OPEN && !account.isWaiting()) {
      wire().gate().reopen(requests.isUpload());
    }
    order.tidy();
    boolean nothingDue = queue.isEmpty() && !requests.isBlocked() && !batchEndDue && mayDecode();
    if (nothingDue && (state == ConnectionState.CLOSING || wire().gate().hasEnded())) {
      closeWhenFlushed();
    }
  }

  /** What comes from now on is thrown away; what is gone stays so. */
  private void beginClosing() {
    if (state == ConnectionState.OPEN) {
      state = ConnectionState.CLOSING;
    }
  }

  private void closeWhenFlushed() {
    beginClosing();
    channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && state != ConnectionState.CLOSED) {
      scheduleBatchEnd();
    }
  }

  /** A client that has shut down its side still gets the replies to what it sent. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && wire().gate().end()) {
      scheduleBatchEnd();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("client {}: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      clientLoop.metrics().add(GatewayMetric.BUGS, 1);
      Guard.ofProcess().bug("client", this, cause);
    }
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = ConnectionState.CLOSED;
    if (clientLoop.connections().remove(this)) {
      clientLoop.table().remove(id);
      clientLoop.metrics().add(GatewayMetric.CURR_CONNECTIONS, -1);
    }
    account.dropQueue();
    requests.close();
    wire().replies().discard();
    account.holdNothing();
    account.stopWaiting();
    clientLoop.budget().resumeWaiting();
  }

  /** Closes now; what is under way is dropped when it completes. */
  public void close() {
    channel().close();
  }

  /** Greater than those of connections opened before; 0 for one that is refused. */
  public long id() {
    return id;
  }

  /** When bytes last came, on the monotonic clock; to another thread, a moment ago. */
  public long lastRequestNs() {
    return lastRequestNs;
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
    return String.valueOf(channel().remoteAddress()).replaceFirst("^.*/", "");
  }

  /** The address that the client connected to. */
  public String local() {
    return String.valueOf(channel().localAddress()).replaceFirst("^.*/", "");
  }

  private Channel channel() {
    return wire().channel();
  }

  private Wire wire() {
    return Objects.requireNonNull(wire, "the connection is not open yet");
  }

  @Override
  public String toString() {
    return wire == null ? "a new client" : remote();
  }
}
