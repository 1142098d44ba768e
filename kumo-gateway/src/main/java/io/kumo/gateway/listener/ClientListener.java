package io.kumo.gateway.listener;

import io.kumo.core.cli.listen.ListenAddress;
import io.kumo.core.guard.Guard;
import io.kumo.core.log.LogId;
import io.kumo.core.security.ServerTls;
import io.kumo.gateway.client.ClientConnection;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayMetrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound port, or socket in the file system, that accepts memcached clients. Closed from any
 * thread.
 */
public final class ClientListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);
  private static final int BACKLOG = 1024;

  /**
   * What serves those who connect.
   *
   * @param loop that of the very event loop that accepts
   * @param tls what clients have to speak; null: nothing
   */
  public record Clients(ClientLoop loop, ClientLoop.Decoders decoders, @Nullable ServerTls tls) {}

  private final Channel channel;
  private final @Nullable SocketFile file;

  private ClientListener(Channel channel, @Nullable SocketFile file) {
    this.channel = channel;
    this.file = file;
  }

  /**
   * Binds an address; returns when that is done.
   *
   * @param bootstrap carries the event loop and the channel class
   * @param reusePort lets several loops accept on one port; only with epoll
   * @throws IOException when the address cannot be bound; the message says which and why
   */
  public static ClientListener bind(
      ServerBootstrap bootstrap, InetSocketAddress address, boolean reusePort, Clients clients)
      throws IOException {
    if (reusePort) {
      bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
    }
    ServerBootstrap prepared =
        prepare(bootstrap, clients)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .localAddress(address);
    return new ClientListener(bound(prepared, ListenAddress.text(address)), null);
  }

  /**
   * The same in the file system.
   *
   * @param bootstraps gives one for an address
   * @param path of the socket; one that nobody listens at is replaced
   * @param mode who may connect
   */
  public static ClientListener bind(
      Function<UnixDomainSocketAddress, ServerBootstrap> bootstraps,
      UnixDomainSocketAddress path,
      Set<PosixFilePermission> mode,
      Clients clients)
      throws IOException {
    SocketFile file = new SocketFile(path);
    file.makeRoom();
    UnixDomainSocketAddress hidden = file.hide();
    try {
      ServerBootstrap prepared =
          prepare(bootstraps.apply(hidden), clients)
              .childAttr(ClientConnection.FILE, path.getPath().toString());
      Channel channel = bound(prepared, file.toString());
      try {
        file.appear(hidden, mode);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      return new ClientListener(channel, file);
    } finally {
      SocketFile.unhide(hidden);
    }
  }

  private static ServerBootstrap prepare(ServerBootstrap bootstrap, Clients clients) {
    ClientLoop loop = clients.loop();
    return bootstrap
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .handler(new AcceptFailures(loop.metrics()))
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR, new FairReads(loop::atBatchEnd, loop.metrics()))
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark(loop))
        .childHandler(new AcceptingClients(loop, clients.decoders(), clients.tls()));
  }

  private static Channel bound(ServerBootstrap prepared, String where) throws IOException {
    ChannelFuture binding = prepared.bind().awaitUninterruptibly();
    if (!binding.isSuccess()) {
      Throwable cause = binding.cause();
      throw new IOException("cannot listen on " + where + ": " + cause.getMessage(), cause);
    }
    return binding.channel();
  }

  /** Gives each accepted channel its connection; one that cannot have one is closed. */
  private static final class AcceptingClients extends ChannelInitializer<Channel> {
    private final ClientLoop clientLoop;
    private final ClientLoop.Decoders decoders;
    private final @Nullable ServerTls tls;

    AcceptingClients(ClientLoop clientLoop, ClientLoop.Decoders decoders, @Nullable ServerTls tls) {
      this.clientLoop = clientLoop;
      this.decoders = decoders;
      this.tls = tls;
    }

    @Override
    protected void initChannel(Channel accepted) {
      if (tls != null) {
        accepted.pipeline().addLast(tls.newHandler(accepted.alloc()));
        accepted.pipeline().addLast(new HandshakeWatch(clientLoop.metrics()));
      }
      accepted.pipeline().addLast(new ClientConnection(clientLoop, decoders, tls != null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      Guard.ofProcess().bug("accepting", "a client", cause);
      context.close();
    }
  }

  /** Netty pauses accepting for a second when it fails, mostly for want of file descriptors. */
  private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private final GatewayMetrics metrics;

    AcceptFailures(GatewayMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      metrics.add(GatewayMetric.LISTEN_DISABLED_NUM, 1);
      LOG.warn(LogId.ACCEPTING_PAUSES, "accepting clients pauses: {}", cause.getMessage());
      ctx.fireExceptionCaught(cause);
    }
  }

  private static WriteBufferWaterMark waterMark(ClientLoop clientLoop) {
    int high = clientLoop.limits().maxUnreadBytes();
    return new WriteBufferWaterMark(high / 4, high);
  }

  /** Where it listens on the network, if it does. */
  public Optional<InetSocketAddress> address() {
    return file == null
        ? Optional.of((InetSocketAddress) channel.localAddress())
        : Optional.empty();
  }

  /** Accepts no more; connections that are open stay. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    if (file != null) {
      file.remove();
    }
  }

  /** As it is typed. */
  @Override
  public String toString() {
    return file == null ? ListenAddress.text(channel.localAddress()) : file.toString();
  }
}
