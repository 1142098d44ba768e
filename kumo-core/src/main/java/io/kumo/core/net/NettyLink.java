package io.kumo.core.net;

import io.kumo.core.guard.Guard;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.LinkProof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link Link} over one TCP channel. Confined to the channel's loop. */
final class NettyLink extends ChannelInboundHandlerAdapter implements Link {
  /** First size of an outbound buffer: a batch of some fifty small replies. */
  private static final int OUT_INITIAL_BYTES = 8 * 1024;

  private static final Guard.Action<LinkListener, Link> OPENED = LinkListener::opened;
  private static final Guard.Action<LinkListener, ByteBuf> RECEIVED = LinkListener::received;
  private static final Guard.Action<LinkListener, Boolean> WRITABLE = LinkListener::writable;
  private static final Guard.Action<LinkListener, Throwable> FAILED = LinkListener::connectFailed;
  private static final Guard.Action<LinkListener, @Nullable Throwable> CLOSED =
      LinkListener::closed;

  private final LinkListener listener;
  private final BatchEnd batchEnd;
  private final Guard guard;
  private final Runnable flush = this::flush;
  private final boolean outgoing;
  private @Nullable Channel channel;
  private @Nullable ByteBuf out;
  private @Nullable ByteBuf received;
  private @Nullable Throwable cause;
  private long flushedBytes;
  private boolean flushScheduled;
  private boolean open;
  private boolean opened;
  private LinkProof proof = LinkProof.OPEN;

  private NettyLink(LinkListener listener, BatchEnd batchEnd, Guard guard, boolean outgoing) {
    this.listener = listener;
    this.batchEnd = batchEnd;
    this.guard = guard;
    this.outgoing = outgoing;
  }

  static NettyLink incoming(LinkListener listener, BatchEnd batchEnd, Guard guard) {
    return new NettyLink(listener, batchEnd, guard, false);
  }

  static NettyLink outgoing(LinkListener listener, BatchEnd batchEnd, Guard guard) {
    return new NettyLink(listener, batchEnd, guard, true);
  }

  @Override
  public ByteBuf out() {
    if (!open) {
      return discardBuffer();
    }
    if (out == null) {
      out = channel().alloc().directBuffer(OUT_INITIAL_BYTES);
    }
    if (!flushScheduled) {
      flushScheduled = true;
      batchEnd.add(flush);
    }
    return out;
  }

  private static ByteBuf discardBuffer() {
    return Unpooled.buffer(64);
  }

  @Override
  public long pendingBytes() {
    return inNetty() + (out == null ? 0 : out.readableBytes());
  }

  /** Netty takes the buffer away as soon as the channel closes, before it says so. */
  private long inNetty() {
    ChannelOutboundBuffer buffer = open ? channel().unsafe().outboundBuffer() : null;
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  @Override
  public long takenBytes() {
    return flushedBytes - inNetty();
  }

  private void flush() {
    flushScheduled = false;
    ByteBuf batch = out;
    out = null;
    if (batch == null) {
      return;
    }
    if (open) {
      flushedBytes += batch.readableBytes();
      channel().writeAndFlush(batch, channel().voidPromise());
    } else {
      batch.release();
    }
  }

  @Override
  public void setReading(boolean reading) {
    if (open) {
      channel().config().setAutoRead(reading);
    }
  }

  @Override
  public void setNoDelay(boolean noDelay) {
    if (open) {
      channel().config().setOption(ChannelOption.TCP_NODELAY, noDelay);
    }
  }

  @Override
  public void close() {
    if (open) {
      flush();
      channel().write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      channel().flush();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public String remote() {
    return channel == null ? "?" : String.valueOf(channel.remoteAddress()).replaceFirst("^.*/", "");
  }

  @Override
  public LinkProof proof() {
    return proof;
  }

  private Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("the link has not been opened");
    }
    return channel;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    open = true;
    opened = true;
    proof = ChannelSecurity.proofOf(ctx.pipeline());
    tell(OPENED, this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf read = (ByteBuf) message;
    if (!open) {
      read.release();
      return;
    }
    received =
        received == null
            ? read
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), received, read);
    deliver();
  }

  private void deliver() {
    tell(RECEIVED, Objects.requireNonNull(received));
    if (received != null && !received.isReadable()) {
      releaseReceived();
    }
  }

  @Override
  public void redeliver() {
    if (open && received != null) {
      deliver();
    }
  }

  @Override
  public void abort() {
    if (open) {
      abort(channel(), new IOException("it takes nothing of what is sent to it"));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (received != null && received.refCnt() == 1) {
      received.discardSomeReadBytes();
    }
  }

  private void releaseReceived() {
    if (received != null) {
      received.release();
      received = null;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    tell(WRITABLE, ctx.channel().isWritable());
  }

  /** A listener that throws loses its link, and hears that it is closed. */
  private <A extends @Nullable Object> void tell(Guard.Action<LinkListener, A> event, A argument) {
    if (!guard.run("link", this, event, listener, argument) && open) {
      abort(channel(), new IOException("closed after a bug at this end"));
    }
  }

  /**
   * What the network does is no bug, nor what TLS refuses; all else that Netty passes up is one.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
    if (!NetworkErrors.include(error)) {
      guard.bug("channel", this, error);
    }
    abort(ctx.channel(), error.getCause() == null ? error : error.getCause());
  }

  private void abort(Channel failed, Throwable why) {
    cause = cause == null ? why : cause;
    if (open) {
      flush();
      open = false;
    }
    failed.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    open = false;
    releaseAll();
    if (opened) {
      tell(CLOSED, cause);
    } else if (outgoing) {
      tell(FAILED, cause == null ? new IOException("it closed the connection") : cause);
    }
  }

  /** Comes after the end, unless nobody was told of it. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    open = false;
    releaseAll();
  }

  private void releaseAll() {
    releaseReceived();
    if (out != null) {
      out.release();
      out = null;
    }
  }

  @Override
  public String toString() {
    return listener.getClass().getSimpleName() + " with " + remote();
  }
}
