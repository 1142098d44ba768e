package io.kumo.core.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops of one process, and the socket classes that fit them. Thread-safe. */
public final class EventLoops implements AutoCloseable {
  private final IoKind kind;
  private final MultiThreadIoEventLoopGroup group;

  /**
   * @param name the role that the threads carry in their names
   * @param count how many loops, at least 1
   */
  public EventLoops(String name, int count, IoKind kind) {
    this.kind = kind;
    this.group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory(name, true), kind.handlers());
  }

  public IoKind kind() {
    return kind;
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
   * Stops the loops; what was written by then is offered to the network first. Waits a second at
   * most.
   */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
