package io.kumo.gateway.testing;

import io.kumo.core.clock.TimeSource;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.listener.ClientListener;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.kumo.gateway.memcached.CommandExecutor;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real front end on a free loopback port over a {@link MemoryExecutor}. */
public final class TestGateway implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final SingleThreadIoEventLoop loop = (SingleThreadIoEventLoop) group.next();
  private final CommandPool pool = new CommandPool(new byte[0]);
  private final ClientLoop clientLoop;
  private final ClientListener listener;

  private TestGateway(
      McSettings settings, ClientLimits limits, @Nullable CommandExecutor executor) {
    TimeSource time = TimeSource.system();
    CommandExecutor backEnd =
        executor == null ? new MemoryExecutor(time, 1, this::afterTurns) : executor;
    clientLoop = new ClientLoop(limits, backEnd, new Turns(loop), time);
    loop.scheduleAtFixedRate(clientLoop::relieve, 20, 20, TimeUnit.MILLISECONDS);
    try {
      listener =
          ClientListener.bind(
              new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              false,
              clientLoop,
              new ProtocolDecoders(pool, settings, time).anyProtocol());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Turns(SingleThreadIoEventLoop loop) implements ClientLoop.TurnBound {
    @Override
    public void atBatchEnd(Runnable task) {
      loop.executeAfterEventLoopIteration(task);
    }

    @Override
    public void atNextTurn(Runnable task) {
      loop.schedule(task, 1, TimeUnit.NANOSECONDS);
    }
  }

  public static TestGateway start() {
    return start(McSettings.DEFAULT, ClientLimits.DEFAULT);
  }

  public static TestGateway start(McSettings settings, ClientLimits limits) {
    return new TestGateway(settings, limits, null);
  }

  public static TestGateway start(ClientLimits limits, CommandExecutor executor) {
    return new TestGateway(McSettings.DEFAULT, limits, executor);
  }

  private void afterTurns(Runnable task, int turns) {
    loop.execute(turns == 0 ? task : () -> afterTurns(task, turns - 1));
  }

  public int port() {
    return listener.address().getPort();
  }

  /** Asks something on the event loop. */
  public <T> T onLoop(Callable<T> question) {
    return loop.submit(question).syncUninterruptibly().getNow();
  }

  public ClientLoop clientLoop() {
    return clientLoop;
  }

  public CommandPool pool() {
    return pool;
  }

  public RawClient client() throws IOException {
    return new RawClient(port());
  }

  @Override
  public void close() {
    listener.close();
    // What is not handled before the loop ends keeps its buffers, which counts as a leak.
    group.shutdownGracefully(0, 30, TimeUnit.SECONDS).awaitUninterruptibly(30, TimeUnit.SECONDS);
  }
}
