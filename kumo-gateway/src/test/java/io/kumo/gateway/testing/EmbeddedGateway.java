package io.kumo.gateway.testing;

import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.http.OwnHosts;
import io.kumo.core.testing.ManualTime;
import io.kumo.gateway.auth.Authenticator;
import io.kumo.gateway.client.ClientConnection;
import io.kumo.gateway.client.ClientLimits;
import io.kumo.gateway.client.ClientLoop;
import io.kumo.gateway.client.ConnectionTable;
import io.kumo.gateway.http.HttpKeys;
import io.kumo.gateway.listener.ProtocolDecoders;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McSettings;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.metrics.GatewayTotals;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A front end without sockets or threads: bytes go in as they are cut, bytes come out, and every
 * buffer and command that was taken must have been given back in the end.
 */
public final class EmbeddedGateway {
  private static final int MAX_TURNS = 1_000_000;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final ArrayDeque<Runnable> batchEnd = new ArrayDeque<>();
  private final List<List<Runnable>> later = new ArrayList<>();
  private final CommandPool pool = new CommandPool(new byte[0]);
  private final MemoryExecutor executor;
  private final ClientLoop clientLoop;
  private final ProtocolDecoders decoders;
  private final HttpKeys http;

  /**
   * @param eager whether every command completes at once; otherwise some do so later, in any order
   */
  public EmbeddedGateway(McSettings settings, long seed, boolean eager) {
    this(settings, seed, eager, null);
  }

  /**
   * @param users who clients have to say that they are; with plain passwords only, or what is
   *     hashed would come from another thread
   */
  public EmbeddedGateway(McSettings settings, long seed, boolean eager, @Nullable UserFile users) {
    TimeSource time = new ManualTime();
    executor =
        new MemoryExecutor(
            time,
            seed,
            (task, turns) -> {
              if (eager) {
                task.run();
              } else {
                after(task, turns);
              }
            });
    clientLoop =
        new ClientLoop(
            ClientLimits.DEFAULT,
            executor,
            new Turns(),
            time,
            new ConnectionTable(ClientLimits.DEFAULT.maxConnections()),
            new GatewayTotals().newLoop(),
            users == null ? null : new Authenticator(() -> users));
    decoders = new ProtocolDecoders(pool, settings, time);
    http = new HttpKeys(pool, settings, OwnHosts.ANY);
  }

  private final class Turns implements ClientLoop.TurnBound {
    @Override
    public void execute(Runnable task) {
      EmbeddedGateway.this.after(task, 1);
    }

    @Override
    public void after(long delayNs, Runnable task) {
      EmbeddedGateway.this.after(task, 2);
    }

    @Override
    public void atBatchEnd(Runnable task) {
      batchEnd.add(task);
    }

    @Override
    public void atNextTurn(Runnable task) {
      EmbeddedGateway.this.after(task, 1);
    }
  }

  private void after(Runnable task, int turns) {
    while (later.size() < turns) {
      later.add(new ArrayList<>());
    }
    later.get(turns - 1).add(task);
  }

  /** A connection of its own. */
  public Connection connect() {
    return new Connection(decoders.anyProtocol());
  }

  /** One for keys over HTTP. */
  public Connection connectHttp() {
    return new Connection(http);
  }

  /** How many commands have come as far as the back end. */
  public long executed() {
    return executor.executed();
  }

  /** What is wrong at the end, when all connections are closed; empty when nothing is. */
  public List<String> leftovers() {
    List<String> wrong = new ArrayList<>();
    long bytes = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    check(wrong, "bytes not released", bytes);
    check(wrong, "commands not given back", pool.inUse());
    check(wrong, "bytes counted in flight", clientLoop.bytesInFlight());
    check(wrong, "bugs", clientLoop.metrics().get(GatewayMetric.BUGS));
    return wrong;
  }

  private static void check(List<String> wrong, String what, long number) {
    if (number != 0) {
      wrong.add(what + ": " + number);
    }
  }

  /** One client. */
  public final class Connection {
    private final EmbeddedChannel channel = new EmbeddedChannel(false, false);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    Connection(ClientLoop.Decoders spoken) {
      channel.config().setAllocator(allocator);
      channel.pipeline().addLast(new ClientConnection(clientLoop, spoken, false));
      try {
        channel.register();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    /** Sends a piece, and lets everything happen that it causes at once. */
    public void send(byte[] bytes, int start, int end) {
      if (channel.isOpen() && start < end) {
        ByteBuf piece = allocator.directBuffer(end - start);
        piece.writeBytes(bytes, start, end - start);
        channel.writeInbound(piece);
        turn();
      }
    }

    private void turn() {
      channel.runPendingTasks();
      for (Runnable task = batchEnd.poll(); task != null; task = batchEnd.poll()) {
        task.run();
      }
      channel.runPendingTasks();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        received.writeBytes(ByteBufUtil.getBytes(out));
        out.release();
      }
    }

    /** Lets everything happen that is still due. */
    public void settle() {
      for (int turns = 0; !later.isEmpty() || !batchEnd.isEmpty(); turns++) {
        if (turns > MAX_TURNS) {
          throw new IllegalStateException("no end");
        }
        List<Runnable> due = later.isEmpty() ? List.of() : later.remove(0);
        due.forEach(Runnable::run);
        turn();
      }
    }

    public boolean isOpen() {
      return channel.isOpen();
    }

    /** All that was received so far. */
    public byte[] received() {
      return received.toByteArray();
    }

    public void close() {
      channel.finishAndReleaseAll();
      settle();
    }
  }
}
