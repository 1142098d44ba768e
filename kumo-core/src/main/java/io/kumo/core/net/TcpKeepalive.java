package io.kumo.core.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * How long the other end of an accepted connection may be gone without a word: power lost, a
 * translation table forgotten. The kernel's own defaults are two hours and more.
 */
public final class TcpKeepalive {
  /** Without traffic for so long the kernel asks whether the other end is there. */
  public static final Duration IDLE = Duration.ofSeconds(60);

  /** Between questions that are not answered. */
  public static final Duration INTERVAL = Duration.ofSeconds(15);

  /** Unanswered questions after which the connection is broken. */
  public static final int PROBES = 4;

  /**
   * After which bytes that the other end does not acknowledge, or leaves no window for, break the
   * connection: while there are such bytes the kernel asks nothing. Not with NIO.
   */
  public static final Duration UNACKNOWLEDGED = Duration.ofMinutes(5);

  private TcpKeepalive() {}

  /** Has the kernel watch what the listener accepts. */
  static ServerBootstrap watch(ServerBootstrap listener, IoKind kind) {
    listener.childOption(ChannelOption.SO_KEEPALIVE, true);
    int idle = (int) IDLE.toSeconds();
    int interval = (int) INTERVAL.toSeconds();
    int unacknowledged = (int) UNACKNOWLEDGED.toMillis();
    return switch (kind) {
      case NIO ->
          listener
              .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idle)
              .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), interval)
              .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
      case EPOLL ->
          listener
              .childOption(EpollChannelOption.TCP_KEEPIDLE, idle)
              .childOption(EpollChannelOption.TCP_KEEPINTVL, interval)
              .childOption(EpollChannelOption.TCP_KEEPCNT, PROBES)
              .childOption(EpollChannelOption.TCP_USER_TIMEOUT, unacknowledged);
      case IO_URING ->
          listener
              .childOption(IoUringChannelOption.TCP_KEEPIDLE, idle)
              .childOption(IoUringChannelOption.TCP_KEEPINTVL, interval)
              .childOption(IoUringChannelOption.TCP_KEEPCNT, PROBES)
              .childOption(IoUringChannelOption.TCP_USER_TIMEOUT, unacknowledged);
    };
  }
}
