package io.kumo.core.net;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.UnderWay;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link Transport} of a real process: one Netty event loop and TCP. */
public final class NettyTransport implements Transport {
  private static final Logger log = LoggerFactory.getLogger(NettyTransport.class);
  private static final int BACKLOG = 1024;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 * 1024, 1024 * 1024);

  private final EventLoops loops;
  private final SingleThreadIoEventLoop loop;
  private final TimeSource time;
  private final Guard guard;
  private final BatchEnd batchEnd;
  private final ChannelSecurity security;

  /** Takes the next loop of {@code loops} for its own. */
  public NettyTransport(EventLoops loops, TimeSource time) {
    this.loops = loops;
    this.loop = loops.next();
    this.time = time;
    this.guard = loops.guard();
    this.batchEnd = new BatchEnd(loop, guard);
    this.security = ChannelSecurity.NONE;
  }

  private NettyTransport(NettyTransport sockets, ChannelSecurity security) {
    this.loops = sockets.loops;
    this.loop = sockets.loop;
    this.time = sockets.time;
    this.guard = sockets.guard;
    this.batchEnd = sockets.batchEnd;
    this.security = security;
  }

  /**
   * The same loop, for links between nodes and tools: both ends of each prove themselves before
   * anything else, as far as {@code cluster} asks for it.
   */
  public Transport secured(ClusterSecurity cluster) {
    return cluster.isOpen()
        ? this
        : cluster.over(new NettyTransport(this, ChannelSecurity.of(cluster)));
  }

  /** The loop that everything of this transport runs on. */
  public SingleThreadIoEventLoop eventLoop() {
    return loop;
  }

  public EventLoops eventLoops() {
    return loops;
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public Guard guard() {
    return guard;
  }

  @Override
  public long maxUnsentBytes() {
    return loops.maxUnsentBytes();
  }

  @Override
  public ByteBuf buffer() {
    return ByteBufAllocator.DEFAULT.directBuffer();
  }

  @Override
  public boolean inLoop() {
    return loop.inEventLoop();
  }

  @Override
  public void execute(Runnable task) {
    try {
      loop.execute(() -> guard.run("task", task, task));
    } catch (RejectedExecutionException e) {
      log.debug("a task came after the end of its loop: {}", e.getMessage());
    }
  }

  /** Timers that are due are taken once the sockets that are ready have been read. */
  @Override
  public void atNextTurn(Runnable task) {
    schedule(1, task);
  }

  @Override
  public Cancellable schedule(long delayNs, Runnable task) {
    Runnable guarded = () -> guard.run("timer", task, task);
    Future<?> timer = loop.schedule(guarded, Math.max(0, delayNs), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public void atBatchEnd(Runnable task) {
    batchEnd.add(task);
  }

  @Override
  public void connect(NodeAddress remote, long timeoutNs, LinkListener listener) {
    ChannelFuture connecting =
        loops
            .client(loop)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis(timeoutNs))
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(connecting(remote, NettyLink.outgoing(listener, batchEnd, guard)))
            .connect(remote.toSocketAddress());
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            execute(() -> listener.connectFailed(Refusals.translate(done.cause())));
          }
        });
  }

  private ChannelHandler connecting(NodeAddress remote, NettyLink link) {
    return security.isNone() ? link : new Connecting(remote, link);
  }

  /** Has TLS shake hands first; a connection that it refuses was never made. */
  private final class Connecting extends ChannelInitializer<Channel> {
    private final NodeAddress remote;
    private final NettyLink link;

    Connecting(NodeAddress remote, NettyLink link) {
      this.remote = remote;
      this.link = link;
    }

    @Override
    protected void initChannel(Channel made) {
      security.connecting(made.pipeline(), remote);
      made.pipeline().addLast(link);
    }
  }

  private static int timeoutMillis(long timeoutNs) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
  }

  @Override
  public Listening listen(NodeAddress local, Supplier<LinkListener> listeners) throws IOException {
    ChannelFuture binding =
        loops
            .server(loop)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new Accepting(listeners, new UnderWay()))
            .bind(local.toSocketAddress())
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new IOException(
          "cannot listen on " + local + ": " + binding.cause().getMessage(), binding.cause());
    }
    return new NettyListening(binding.channel());
  }

  /** Gives each accepted channel its link; one whose listener cannot be made is closed. */
  private final class Accepting extends ChannelInitializer<Channel> {
    private final Supplier<LinkListener> listeners;
    private final UnderWay underWay;

    Accepting(Supplier<LinkListener> listeners, UnderWay underWay) {
      this.listeners = listeners;
      this.underWay = underWay;
    }

    @Override
    protected void initChannel(Channel accepted) {
      security.accepted(accepted.pipeline(), underWay);
      accepted.pipeline().addLast(NettyLink.incoming(listeners.get(), batchEnd, guard));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      guard.bug("accepting", listeners, cause);
      context.close();
    }
  }

  private record NettyListening(Channel channel) implements Listening {
    @Override
    public NodeAddress address() {
      return NodeAddress.of((InetSocketAddress) channel.localAddress());
    }

    @Override
    public void close() {
      channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
  }
}
