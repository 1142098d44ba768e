package io.kumo.gateway.client;

import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.ReplyOutput;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Replies on their way to one client: encoded in the order of the requests, gathered until the
 * batch of events ends, and counted until the client has read them. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the channel, which is heard
final class ReplyWriter {
  private final Channel channel;
  private final ReplyQueue queue;
  private final ClientAccount account;
  private final GatewayMetrics metrics;
  private final ReplyOutput out;
  private boolean awaitsTaken;

  ReplyWriter(Channel channel, ReplyQueue queue, ClientAccount account, GatewayMetrics metrics) {
    this.channel = channel;
    this.queue = queue;
    this.account = account;
    this.metrics = metrics;
    this.out = new ReplyOutput(channel.alloc(), this::write);
  }

  /** Encodes the replies whose turn it is; returns false when one of them is the last. */
  boolean encodeDue() {
    for (McCommand c = queue.completedHead(); c != null; c = queue.completedHead()) {
      queue.removeHead();
      account.answered(c);
      boolean last = c.isClosing() || c.operation() == McOperation.QUIT;
      c.encode(out);
      c.recycle();
      if (last) {
        account.dropQueue();
        return false;
      }
    }
    return true;
  }

  /** Takes bytes, for the next flush. */
  void write(ByteBuf bytes) {
    metrics.add(GatewayMetric.BYTES_WRITTEN, bytes.readableBytes());
    account.holding().written(bytes.readableBytes());
    channel.write(bytes, channel.voidPromise());
  }

  /**
   * Takes bytes, and sends them at once, after what was gathered.
   *
   * @param taken run when the client has taken them, or is gone
   */
  void write(ByteBuf bytes, Runnable taken) {
    out.pass();
    metrics.add(GatewayMetric.BYTES_WRITTEN, bytes.readableBytes());
    account.holding().written(bytes.readableBytes());
    channel.writeAndFlush(bytes).addListener(done -> taken.run());
    countUnread();
  }

  /** Sends what was gathered. */
  void flush() {
    out.pass();
    channel.flush();
    countUnread();
  }

  /** Runs the task once when all that was written by now is taken; with several, one of them. */
  void whenTaken(Runnable task) {
    if (!awaitsTaken) {
      awaitsTaken = true;
      channel
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              taken -> {
                awaitsTaken = false;
                task.run();
              });
    }
  }

  /** A channel that is being closed has lost its buffer already. */
  void countUnread() {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    account.unread(pending == null ? 0 : pending.totalPendingWriteBytes());
  }

  /** The connection is gone. */
  void discard() {
    out.discard();
  }
}
