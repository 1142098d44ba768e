package io.kumo.core.net;

import io.kumo.core.guard.Guard;
import io.kumo.core.protocol.Limits;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** The event loops of one process, and the socket classes that fit them. Thread-safe. */
public final class EventLoops implements AutoCloseable {
  /** What the property {@code kumo.busypoll} says, in microseconds; 0 to block at once. */
  private static final long BUSY_POLL_NS =
      TimeUnit.MICROSECONDS.toNanos(Math.max(0, Long.getLong("kumo.busypoll", 100)));

  private final IoKind kind;
  private final OrderlyLoops group;

  /**
   * @param name the role that the threads carry in their names
   * @param count how many loops, at least 1
   */
  public EventLoops(String name, int count, IoKind kind) {
    this(name, count, kind, 0);
  }

  /**
   * Loops that look for more to do before they block, see {@link BusyPollingIo}: for processes
   * whose answers somebody waits for.
   */
  public static EventLoops busyPolling(String name, int count, IoKind kind) {
    return new EventLoops(name, count, kind, BUSY_POLL_NS);
  }

  private EventLoops(String name, int count, IoKind kind, long busyPollNs) {
    this.kind = kind;
    this.group =
        new OrderlyLoops(count, new DefaultThreadFactory(name, true), kind.handlers(busyPollNs));
    group.forEach(LoopWatch::begin);
  }

  /** What everything of this process runs in. */
  public Guard guard() {
    return Guard.ofProcess();
  }

  public IoKind kind() {
    return kind;
  }

  /**
   * What the links of one loop may hold of bytes that the network has not taken: half of the memory
   * outside the heap, shared by all loops; the rest is for what is received and for the programs.
   */
  public long maxUnsentBytes() {
    return PlatformDependent.maxDirectMemory() / 2 / group.executorCount();
  }

  /** The next loop in turn. */
  public SingleThreadIoEventLoop next() {
    return (SingleThreadIoEventLoop) group.next();
  }

  /** A client bootstrap without handler, on the loop given. */
  public Bootstrap client(SingleThreadIoEventLoop loop) {
    return new Bootstrap().group(loop).channel(kind.socketChannel());
  }

  /** A listener bootstrap without child handler; it accepts on {@code loop} and serves there. */
  public ServerBootstrap server(SingleThreadIoEventLoop loop) {
    return new ServerBootstrap().group(loop).channel(kind.serverChannel());
  }

  /**
   * The same for clients: the kernel finds out when they are gone, see {@link TcpKeepalive}, and
   * takes no more for one that does not read than {@link Limits#UNSENT_IN_KERNEL_BYTES}.
   */
  public ServerBootstrap serverForClients(SingleThreadIoEventLoop loop) {
    ServerBootstrap watched = TcpKeepalive.watch(server(loop), kind);
    return kind == IoKind.EPOLL
        ? watched.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, Limits.UNSENT_IN_KERNEL_BYTES)
        : watched;
  }

  /** The same in the file system, at {@code file}. */
  public ServerBootstrap serverForClients(
      SingleThreadIoEventLoop loop, UnixDomainSocketAddress file) {
    ServerBootstrap listener =
        new ServerBootstrap()
            .group(loop)
            .channel(kind.serverDomainChannel())
            .localAddress(kind.domainAddress(file));
    // NIO's cannot: who shuts down its side there loses the rest of its replies.
    return kind == IoKind.NIO
        ? listener
        : listener.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /**
   * Closes all channels and stops the loops; what was written by then is offered to the network
   * first. Waits two seconds at most.
   */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
