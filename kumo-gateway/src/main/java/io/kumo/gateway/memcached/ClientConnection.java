package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.core.guard.Guard;
import io.kumo.gateway.metrics.GatewayMetric;
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
 * holds as much as its limits allow. Confined to its channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel, which is heard
public final class ClientConnection extends ChannelInboundHandlerAdapter
    implements McCommand.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(US_ASCII);
  private static final int LEAST_EXPECTED_BYTES = 256;

  /** Until a connection's values are known they are taken for large. */
  private static final int FIRST_EXPECTED_BYTES = 256 * 1024;

  private static final Guard.Action<ClientConnection, McCommand> COMPLETION =
      ClientConnection::replyAfter;

  private final FrontEnd frontEnd;
  private final FrontEnd.Decoders decoders;
  private final ReplyQueue queue = new ReplyQueue();
  private final Runnable batchEnd = this::endBatchGuarded;
  private final Runnable endBatch = this::endBatch;
  private final Runnable resume = this::resumeAfterBudget;

  private @Nullable Channel channel;
  private @Nullable ReplyOutput out;
  private @Nullable RequestDecoder decoder;
  private @Nullable ByteBuf in;
  private @Nullable KeyOrder order;
  private @Nullable McCommand blocked;
  private long id;
  private long lastRequestNs;
  private int expectedValueBytes = FIRST_EXPECTED_BYTES;
  private boolean reading = true;
  private boolean pausedSlow;
  private boolean decoding;
  private boolean batchEndDue;
  private boolean waitingForBudget;
  private boolean inputEnded;
  private boolean closing;
  private boolean closed;

  public ClientConnection(FrontEnd frontEnd, FrontEnd.Decoders decoders) {
    this.frontEnd = frontEnd;
    this.decoders = decoders;
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
    in = in == null ? bytes : append(ctx, in, bytes);
    lastRequestNs = frontEnd.time().nanoTime();
    decode();
    if (closing) {
      scheduleBatchEnd();
    }
  }

  /** What is left of a read is the head of one request, or the input of a paused connection. */
  private static ByteBuf append(ChannelHandlerContext ctx, ByteBuf rest, ByteBuf more) {
    int length = rest.readableBytes() + more.readableBytes();
    ByteBuf joined;
    if (rest.refCnt() == 1 && rest.maxFastWritableBytes() >= more.readableBytes()) {
      joined = rest;
    } else {
      joined = ctx.alloc().directBuffer(length + length / 2);
      joined.writeBytes(rest);
      rest.release();
    }
    joined.writeBytes(more);
    more.release();
    return joined;
  }

  private void decode() {
    if (decoding || closed) {
      return;
    }
    decoding = true;
    try {
      while (!closing && mayStart()) {
        McCommand command = nextCommand();
        if (command == null) {
          break;
        }
        trackOrder();
        if (order != null && order.mustWait(command)) {
          blocked = command;
          break;
        }
        start(command);
      }
    } finally {
      decoding = false;
    }
    afterDecoding();
  }

  private @Nullable McCommand nextCommand() {
    if (blocked != null) {
      McCommand command = blocked;
      blocked = null;
      return command;
    }
    if (in == null || !in.isReadable()) {
      return null;
    }
    if (decoder == null) {
      decoder = decoders.forFirstByte(in.getByte(in.readerIndex()));
    }
    return decoder.decode(in);
  }

  private boolean mayStart() {
    if (queue.isEmpty()) {
      return channel().isWritable();
    }
    ClientLimits limits = frontEnd.limits();
    return queue.size() < limits.maxCommandsInFlight()
        && queue.chargedBytes() < limits.maxBytesInFlight()
        && !frontEnd.budget().isExhausted()
        && channel().isWritable();
  }

  private void start(McCommand command) {
    McOperation operation = command.operation();
    command.chargedBytes = charge(command);
    frontEnd.budget().add(command.chargedBytes);
    if (command.isDecided() || operation == McOperation.QUIT) {
      queue.add(command);
      command.admit(this);
      command.complete(command.isDecided() ? command.status() : McStatus.OK);
      return;
    }
    if (order != null) {
      order.enter(command);
    }
    queue.add(command);
    command.admit(this);
    frontEnd.executor().execute(command);
  }

  /** Reads are charged with what their values will probably take, so that replies stay bounded. */
  private long charge(McCommand command) {
    ByteBuf value = command.value();
    long sent = value == null ? 0 : value.readableBytes();
    boolean read = command.operation().isRead();
    return sent + (read ? (long) command.keys().size() * expectedValueBytes : 0);
  }

  /** A connection that never sends a request before the last is answered needs no tracking. */
  private void trackOrder() {
    if (order != null || queue.isEmpty()) {
      return;
    }
    order = new KeyOrder();
    for (McCommand c = queue.head(); c != null; c = c.next) {
      if (!c.isCompleted() && runs(c)) {
        order.enter(c);
      }
    }
  }

  private static boolean runs(McCommand command) {
    return switch (command.operation()) {
      case LOCAL, QUIT -> false;
      case GET, GET_AND_TOUCH, META_GET, TOUCH, SET, ADD, REPLACE, APPEND -> true;
      case PREPEND, DELETE, INCR, DECR, FLUSH_ALL, STATS -> true;
    };
  }

  /** Gives consumed input back and stops reading from a client that must wait. */
  private void afterDecoding() {
    if (decoder != null && decoder.isFinished()) {
      closing = true;
    }
    if (in != null && (closing || !in.isReadable())) {
      in.release();
      in = null;
    }
    boolean waits = !closing && (blocked != null || (in != null && !mayStart()));
    countPause(waits);
    setReading(!waits && !inputEnded);
    if (waits && frontEnd.budget().isExhausted() && !waitingForBudget) {
      waitingForBudget = true;
      frontEnd.budget().whenAvailable(resume);
    }
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

  private void resumeAfterBudget() {
    waitingForBudget = false;
    scheduleBatchEnd();
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
    if (order != null && runs(command)) {
      order.leave(command);
    }
    frontEnd.stats().count(command);
    if (!queue.isHead(command)) {
      long bytes = command.hits().valueBytes();
      frontEnd.budget().add(bytes - command.chargedBytes);
      queue.charge(command, bytes);
    }
    reply();
    scheduleBatchEnd();
  }

  /** Encodes the replies whose turn it is. */
  private void reply() {
    for (McCommand c = queue.completedHead(); c != null; c = queue.completedHead()) {
      queue.removeHead();
      learnValueSize(c);
      frontEnd.budget().add(-c.chargedBytes);
      boolean last = c.isClosing() || c.operation() == McOperation.QUIT;
      c.encode(output());
      c.recycle();
      if (last) {
        closing = true;
        dropRest();
        return;
      }
    }
  }

  private void learnValueSize(McCommand command) {
    if (command.operation().isRead() && command.keys().size() > 0) {
      long average = command.hits().valueBytes() / command.keys().size();
      expectedValueBytes =
          (int) Math.max(LEAST_EXPECTED_BYTES, Math.max(average, expectedValueBytes / 2));
    }
  }

  /** Nothing more is answered; what still runs is recycled when it completes. */
  private void dropRest() {
    while (!queue.isEmpty()) {
      McCommand command = Objects.requireNonNull(queue.head());
      queue.removeHead();
      frontEnd.budget().add(-command.chargedBytes);
      if (command.isCompleted()) {
        command.recycle();
      } else {
        command.disown();
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
    frontEnd.budget().resumeWaiting();
    if (blocked != null || in != null) {
      decode();
    } else if (!closing && !inputEnded) {
      setReading(true);
    }
    boolean nothingDue = queue.isEmpty() && blocked == null && !batchEndDue && mayStart();
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
    dropRest();
    if (blocked != null) {
      blocked.recycle();
      blocked = null;
    }
    if (decoder != null) {
      decoder.close();
    }
    if (in != null) {
      in.release();
      in = null;
    }
    output().discard();
    frontEnd.budget().resumeWaiting();
  }

  private void write(ByteBuf bytes) {
    frontEnd.metrics().add(GatewayMetric.BYTES_WRITTEN, bytes.readableBytes());
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
