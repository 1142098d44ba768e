package io.kumo.gateway.testing;

import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.http.OwnHosts;
import io.kumo.core.net.EventLoops;
import io.kumo.core.net.IoKind;
import io.kumo.core.security.ServerTls;
import io.kumo.gateway.auth.Authenticator;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.client.ConnectionTable;
import io.kumo.gateway.http.HttpKeys;
import io.kumo.gateway.listener.ClientListener;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.kumo.gateway.memcached.CommandExecutor;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.metrics.GatewayTotals;
import io.netty.channel.SingleThreadIoEventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A real front end on a free loopback port over a {@link MemoryExecutor}. */
public final class TestGateway implements AutoCloseable {
  private final EventLoops loops = new EventLoops("test", 1, IoKind.NIO);
  private final SingleThreadIoEventLoop loop = loops.next();
  private final CommandPool pool = new CommandPool(new byte[0]);
  private final ClientLoop clientLoop;
  private final ClientListener listener;

  /**
   * What one is started with.
   *
   * @param executor the back end; null: one in memory
   * @param users who clients have to say that they are; null: nobody
   * @param tls what clients have to speak; null: nothing
   * @param http whether they speak HTTP
   */
  public record Setup(
      McSettings settings,
      ClientLimits limits,
      @Nullable CommandExecutor executor,
      @Nullable Supplier<UserFile> users,
      @Nullable ServerTls tls,
      boolean http) {
    public static final Setup DEFAULT =
        new Setup(McSettings.DEFAULT, ClientLimits.DEFAULT, null, null, null, false);

    public Setup with(McSettings newSettings) {
      return new Setup(newSettings, limits, executor, users, tls, http);
    }

    public Setup with(ClientLimits newLimits) {
      return new Setup(settings, newLimits, executor, users, tls, http);
    }

    public Setup with(Supplier<UserFile> newUsers) {
      return new Setup(settings, limits, executor, newUsers, tls, http);
    }

    public Setup with(ServerTls newTls) {
      return new Setup(settings, limits, executor, users, newTls, http);
    }

    public Setup overHttp() {
      return new Setup(settings, limits, executor, users, tls, true);
    }
  }

  private TestGateway(Setup setup) {
    TimeSource time = TimeSource.system();
    CommandExecutor backEnd =
        setup.executor() == null ? new MemoryExecutor(time, 1, this::afterTurns) : setup.executor();
    Supplier<UserFile> users = setup.users();
    clientLoop =
        new ClientLoop(
            setup.limits(),
            backEnd,
            new Turns(loop),
            time,
            new ConnectionTable(setup.limits().maxConnections()),
            new GatewayTotals().newLoop(),
            users == null ? null : new Authenticator(users));
    loop.scheduleAtFixedRate(clientLoop::relieve, 20, 20, TimeUnit.MILLISECONDS);
    ClientLoop.Decoders decoders =
        setup.http()
            ? new HttpKeys(pool, setup.settings(), OwnHosts.ANY)
            : new ProtocolDecoders(pool, setup.settings(), time).anyProtocol();
    try {
      listener =
          ClientListener.bind(
              loops.server(loop),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              false,
              new ClientListener.Clients(clientLoop, decoders, setup.tls()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Turns(SingleThreadIoEventLoop loop) implements ClientLoop.TurnBound {
    @Override
    public void execute(Runnable task) {
      loop.execute(task);
    }

    @Override
    public void after(long delayNs, Runnable task) {
      loop.schedule(task, delayNs, TimeUnit.NANOSECONDS);
    }

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
    return start(Setup.DEFAULT);
  }

  public static TestGateway start(McSettings settings, ClientLimits limits) {
    return start(Setup.DEFAULT.with(settings).with(limits));
  }

  public static TestGateway start(ClientLimits limits, CommandExecutor executor) {
    return start(new Setup(McSettings.DEFAULT, limits, executor, null, null, false));
  }

  public static TestGateway start(Setup setup) {
    return new TestGateway(setup);
  }

  private void afterTurns(Runnable task, int turns) {
    loop.execute(turns == 0 ? task : () -> afterTurns(task, turns - 1));
  }

  public int port() {
    return listener.address().orElseThrow().getPort();
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
    loops.close();
  }
}
