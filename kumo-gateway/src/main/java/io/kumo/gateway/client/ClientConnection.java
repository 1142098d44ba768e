package io.kumo.gateway.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.guard.Guard;
import io.kumo.gateway.budget.Holding;
import io.kumo.gateway.budget.Relief;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyOutput;
import io.kumo.gateway.memcached.RequestDecoder;
import io.kumo.gateway.metrics.GatewayMetric;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
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
    implements McCommand.Owner, Relief.Holder {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(US_ASCII);
  private static final byte[] NO_ROOM =
      "SERVER_ERROR out of memory reading request\r\n".getBytes(US_ASCII);

  private static final Guard.Action<ClientConnection, McCommand> COMPLETION =
      ClientConnection::replyAfter;

  private final FrontEnd frontEnd;
  private final FrontEnd.Decoders decoders;
  private final ReplyQueue queue = new ReplyQueue();
  private final Runnable batchEnd = this::endBatchGuarded;
  private final Runnable endBatch = this::endBatch;
  private final Runnable nextTurn = this::takeTurnGuarded;
  private final ClientInput in = new ClientInput();
  private final ClientAccount account;
  private final PipelineOrder order;

  private @Nullable Channel channel;
  private @Nullable ReplyOutput out;
  private @Nullable RequestDecoder decoder;
  private @Nullable McCommand blocked;
  private long id;
  private long lastRequestNs;
  private boolean reading = true;
  private boolean pausedSlow;
  private boolean decoding;
  private boolean batchEndDue;
  private boolean waitingForTurn;
  private boolean inputEnded;
  private boolean closing;
  private boolean closed;

  public ClientConnection(FrontEnd frontEnd, FrontEnd.Decoders decoders) {
    this.frontEnd = frontEnd;
    this.decoders = decoders;
    this.order = new PipelineOrder(frontEnd, queue);
    this.account = new ClientAccount(frontEnd, queue, this, this::scheduleBatchEnd);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    out = new ReplyOutput(ctx.alloc(), this::write);
    lastRequestNs = frontEnd.time().nanoTime();
    frontEnd.metrics().add(GatewayMetric.TOTAL_CONNECTIONS, 1);
    id = frontEnd.table().admit(this);
    if (id == 0) {
      frontEnd.metrics().add(GatewayMetric.REJECTED_CONNECTIONS, 1);
      closing = true;
      write(Unpooled.wrappedBuffer(TOO_MANY));
      closeWhenFlushed();
      return;
    }
    frontEnd.connections().add(this);
    frontEnd.metrics().add(GatewayMetric.CURR_CONNECTIONS, 1);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    frontEnd.metrics().add(GatewayMetric.BYTES_READ, bytes.readableBytes());
    if (closing || closed) {
      bytes.release();
      return;
    }
    in.add(ctx.alloc(), bytes);
    lastRequestNs = frontEnd.time().nanoTime();
    decode();
    frontEnd.makeRoom(0);
    if (closing) {
      scheduleBatchEnd();
    }
  }

  private void decode() {
    if (decoding || closed || waitingForTurn) {
      return;
    }
    decoding = true;
    account.clearWant();
    try {
      decodeOneTurn();
    } finally {
      decoding = false;
    }
    afterDecoding();
  }

  /** A client with very many requests lets others go first when it has had its share. */
  private void decodeOneTurn() {
    int left = frontEnd.limits().maxRequestsPerEvent();
    while (!closing && mayDecode()) {
      McCommand command = nextCommand();
      if (command == null) {
        return;
      }
      boolean begins = !order.mustWait(command) && account.mayBegin(command);
      if (!begins || left <= 0) {
        blocked = command;
        waitingForTurn = begins;
        return;
      }
      left -= Math.max(1, command.request().keys().size());
      start(command);
    }
  }

  private void takeTurnGuarded() {
    waitingForTurn = false;
    closeUnless(Guard.ofProcess().run("client", this, this::decode));
  }

  private @Nullable McCommand nextCommand() {
    if (blocked != null) {
      McCommand command = blocked;
      blocked = null;
      return command;
    }
    if (in.isEmpty()) {
      return null;
    }
    ByteBuf bytes = in.bytes();
    if (decoder == null) {
      decoder = decoders.forFirstByte(bytes.getByte(bytes.readerIndex()));
    }
    return decoder.decode(bytes);
  }

  private boolean mayDecode() {
    ClientLimits limits = frontEnd.limits();
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
    frontEnd.executor().execute(command);
  }

  @Override
  public boolean mayHold(McCommand command, long bytes) {
    boolean held = account.mayHold(command, bytes) && !closing;
    frontEnd.metrics().add(GatewayMetric.VALUES_REFUSED, held ? 0 : 1);
    return held;
  }

  /** Gives consumed input back and stops reading from a client that must wait. */
  private void afterDecoding() {
    if (decoder != null && decoder.isFinished()) {
      closing = true;
    }
    if (closing) {
      in.release();
    }
    in.tidy(channel().alloc());
    countUnfinished();
    boolean wantsRoom = !closing && account.wantsRoom();
    boolean waits = !closing && (blocked != null || wantsRoom || (!in.isEmpty() && !mayDecode()));
    countPause(waits);
    setReading(!waits && !inputEnded);
    if (waitingForTurn) {
      frontEnd.metrics().add(GatewayMetric.CONN_YIELDS, 1);
      frontEnd.atNextTurn(nextTurn);
    }
    if (wantsRoom) {
      account.awaitRoom();
    }
  }

  private void countUnfinished() {
    ByteBuf waiting = blocked == null ? null : blocked.request().value();
    long bytes = in.heldBytes() + (waiting == null ? 0 : waiting.readableBytes());
    long growth = blocked == null ? in.heldBytes() : 0;
    if (decoder != null) {
      bytes += decoder.heldBytes();
      growth += decoder.growthBytes();
    }
    account.unfinished(bytes, lastRequestNs, blocked != null, growth);
  }

  /** A channel that is being closed has lost its buffer already. */
  private void countUnread() {
    ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
    account.unread(pending == null ? 0 : pending.totalPendingWriteBytes());
  }

  private void countPause(boolean waits) {
    boolean slow = waits && !channel().isWritable();
    frontEnd.metrics().add(GatewayMetric.SLOW_READER_PAUSES, slow && !pausedSlow ? 1 : 0);
    frontEnd.metrics().add(GatewayMetric.LIMIT_PAUSES, waits && !slow && reading ? 1 : 0);
    pausedSlow = slow;
  }

  private void setReading(boolean wanted) {
    if (reading != wanted) {
      reading = wanted;
      channel().config().setAutoRead(wanted);
    }
  }

  @Override
  public Holding holding() {
    if (!closed) {
      countUnread();
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
    if (closed || closing || decoding) {
      return;
    }
    Holding held = account.holding();
    McCommand refused = held.unreadBytes() > held.unfinishedBytes() ? null : refuseStore();
    if (refused == null) {
      leave();
      return;
    }
    frontEnd.metrics().add(GatewayMetric.UPLOADS_GIVEN_UP, 1);
    start(refused);
    countUnfinished();
    scheduleBatchEnd();
  }

  private @Nullable McCommand refuseStore() {
    McCommand waiting = blocked;
    if (waiting != null && waiting.operation().isStore()) {
      blocked = null;
      waiting.request().dropValue();
      return waiting.answer(McStatus.OUT_OF_MEMORY);
    }
    return waiting != null || decoder == null ? null : decoder.giveUp();
  }

  private void leave() {
    frontEnd.metrics().add(GatewayMetric.MEMORY_KICKS, 1);
    boolean told = queue.isEmpty() && decoder != null && decoder.speaksLines();
    closing = true;
    in.release();
    if (told && account.holding().unreadBytes() == 0) {
      write(Unpooled.wrappedBuffer(NO_ROOM));
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
      frontEnd.metrics().add(GatewayMetric.BUGS, 1);
      close();
    }
  }

  private void replyAfter(McCommand command) {
    order.leave(command);
    account.noLongerAsked(command);
    frontEnd.stats().count(command);
    if (!queue.isHead(command)) {
      account.completed(command);
    }
    reply();
    scheduleBatchEnd();
  }

  /** Encodes the replies whose turn it is. */
  private void reply() {
    for (McCommand c = queue.completedHead(); c != null; c = queue.completedHead()) {
      queue.removeHead();
      account.answered(c);
      boolean last = c.isClosing() || c.operation() == McOperation.QUIT;
      c.encode(output());
      c.recycle();
      if (last) {
        closing = true;
        account.dropQueue();
        return;
      }
    }
  }

  private void scheduleBatchEnd() {
    if (!batchEndDue) {
      batchEndDue = true;
      frontEnd.atBatchEnd(batchEnd);
    }
  }

  private void endBatch() {
    batchEndDue = false;
    if (closed) {
      return;
    }
    output().pass();
    channel().flush();
    countUnread();
    frontEnd.makeRoom(0);
    frontEnd.budget().resumeWaiting();
    if (blocked != null || !in.isEmpty()) {
      decode();
    } else if (!closing && !inputEnded && !account.isWaiting()) {
      setReading(true);
    }
    order.tidy();
    boolean nothingDue = queue.isEmpty() && blocked == null && !batchEndDue && mayDecode();
    if (nothingDue && (closing || inputEnded)) {
      closeWhenFlushed();
    }
  }

  private void closeWhenFlushed() {
    closing = true;
    channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && !closed) {
      scheduleBatchEnd();
    }
  }

  /** A client that has shut down its side still gets the replies to what it sent. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
      inputEnded = true;
      scheduleBatchEnd();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("client {}: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      frontEnd.metrics().add(GatewayMetric.BUGS, 1);
      Guard.ofProcess().bug("client", this, cause);
    }
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed = true;
    if (frontEnd.connections().remove(this)) {
      frontEnd.table().remove(id);
      frontEnd.metrics().add(GatewayMetric.CURR_CONNECTIONS, -1);
    }
    account.dropQueue();
    if (blocked != null) {
      blocked.recycle();
      blocked = null;
    }
    if (decoder != null) {
      decoder.close();
    }
    in.release();
    output().discard();
    account.holdNothing();
    account.stopWaiting();
    frontEnd.budget().resumeWaiting();
  }

  private void write(ByteBuf bytes) {
    frontEnd.metrics().add(GatewayMetric.BYTES_WRITTEN, bytes.readableBytes());
    account.holding().written(bytes.readableBytes());
    channel().write(bytes, channel().voidPromise());
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
  @Override
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
    return Objects.requireNonNull(channel, "the connection is not open yet");
  }

  private ReplyOutput output() {
    return Objects.requireNonNull(out, "the connection is not open yet");
  }

  @Override
  public String toString() {
    return channel == null ? "a new client" : remote();
  }
}
