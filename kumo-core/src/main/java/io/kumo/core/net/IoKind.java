package io.kumo.core.net;

import io.kumo.core.clock.TimeSource;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways in which an event loop can wait for sockets. */
public enum IoKind {
  /** Java's own selector; everywhere. */
  NIO,
  /** Linux epoll through Netty's native library. */
  EPOLL,
  /** Linux io_uring through Netty's native library. */
  IO_URING;

  /** Names a kind by the property {@code kumo.io}: for comparisons, and where epoll misbehaves. */
  private static final @Nullable String CHOSEN = System.getProperty("kumo.io");

  /** What the property {@code kumo.io} names; else epoll where its native library loads, or NIO. */
  public static IoKind best() {
    if (CHOSEN == null) {
      return EPOLL.isAvailable() ? EPOLL : NIO;
    }
    IoKind chosen = valueOf(CHOSEN.toUpperCase(Locale.ROOT));
    if (!chosen.isAvailable()) {
      throw new IllegalStateException("kumo.io=" + CHOSEN + " is not available here");
    }
    return chosen;
  }

  public boolean isAvailable() {
    return switch (this) {
      case NIO -> true;
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable();
    };
  }

  /** Only epoll polls before it blocks. */
  IoHandlerFactory handlers(long busyPollNs) {
    return switch (this) {
      case NIO -> NioIoHandler.newFactory();
      case EPOLL ->
          executor ->
              new BusyPollingIo(executor, new BusyPollBudget(TimeSource.system(), busyPollNs));
      case IO_URING -> IoUringIoHandler.newFactory();
    };
  }

  Class<? extends SocketChannel> socketChannel() {
    return switch (this) {
      case NIO -> NioSocketChannel.class;
      case EPOLL -> EpollSocketChannel.class;
      case IO_URING -> IoUringSocketChannel.class;
    };
  }

  Class<? extends ServerChannel> serverDomainChannel() {
    return switch (this) {
      case NIO -> NioServerDomainSocketChannel.class;
      case EPOLL -> EpollServerDomainSocketChannel.class;
      case IO_URING -> IoUringServerDomainSocketChannel.class;
    };
  }

  /** A place in the file system as the channels of this kind name it. */
  SocketAddress domainAddress(UnixDomainSocketAddress file) {
    return this == NIO ? file : new DomainSocketAddress(file.getPath().toString());
  }

  Class<? extends ServerChannel> serverChannel() {
    return switch (this) {
      case NIO -> NioServerSocketChannel.class;
      case EPOLL -> EpollServerSocketChannel.class;
      case IO_URING -> IoUringServerSocketChannel.class;
    };
  }
}
