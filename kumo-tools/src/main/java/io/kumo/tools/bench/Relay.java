package io.kumo.tools.bench;

import io.kumo.core.cli.CliException;
import io.kumo.core.guard.Guard;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadIoEventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Passes bytes on, one connection to the server for each of a client, and does nothing else: what a
 * hop costs at least, with the event loops that gateways and servers have, too.
 */
final class Relay implements AutoCloseable {
  private final EventLoops loops = new EventLoops("relay", 1, IoKind.best());
  private final SingleThreadIoEventLoop loop = loops.next();
  private final InetSocketAddress target;
  private final Channel listener;

  /** Serves a loopback port at once; 0 for any that is free. */
  Relay(int port, InetSocketAddress target) {
    this.target = target;
    ChannelFuture binding =
        loops
            .server(loop)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    connect(accepted);
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      loops.close();
      throw CliException.failed("cannot listen on port " + port + ": " + binding.cause());
    }
    listener = binding.channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void connect(Channel client) {
    loops
        .client(loop)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new End(client))
        .connect(target)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (connected.isSuccess()) {
                    client.pipeline().addLast(new End(connected.channel()));
                    client.config().setAutoRead(true);
                  } else {
                    client.close();
                  }
                });
  }

  /** Returns when the relay is closed. */
  void awaitEnd() throws InterruptedException {
    listener.closeFuture().await();
  }

  @Override
  public void close() {
    listener.close();
    loops.close();
  }

  /** Of what one side sends, one flush per read to the other. */
  private static final class End extends ChannelInboundHandlerAdapter {
    private final Channel other;

    End(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      other.write(bytes, other.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      other.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      other.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!(cause instanceof IOException)) {
        Guard.ofProcess().bug("relay", ctx.channel(), cause);
      }
      ctx.close();
    }
  }
}
