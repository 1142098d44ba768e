package io.kumo.it.fault;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.ForwardingTransport;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.Listening;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A real transport whose next callback of a kind throws: after it has done its work, but for bytes
 * received and for work that comes again, which are left undone. Its clock can be made to throw,
 * too, when it is asked by a class. Thread-safe.
 */
final class FaultyTransport extends ForwardingTransport {
  private static final StackWalker STACK = StackWalker.getInstance();

  private final Transport real;
  private final AtomicReference<@Nullable Callback> planted = new AtomicReference<>();
  private final AtomicReference<@Nullable String> plantedClass = new AtomicReference<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final Set<Link> open = ConcurrentHashMap.newKeySet();
  private final TimeSource time;

  FaultyTransport(Transport real) {
    super(real);
    this.real = real;
    this.time = new FaultyTime(real.time());
  }

  static IllegalStateException thrown() {
    return new IllegalStateException("planted by a test");
  }

  /** The next callback of this kind throws. */
  void plant(Callback callback) {
    planted.set(callback);
  }

  /** The clock throws when a class of this simple name, or one within it, asks it next. */
  void plantInClass(String simpleName) {
    plantedClass.set(simpleName);
  }

  /** Whether what was planted has been thrown. */
  boolean hasThrown() {
    return planted.get() == null && plantedClass.get() == null;
  }

  /** Connections of this loop that have ended, however. */
  int ended() {
    return ended.get();
  }

  /** Closes a connection that is open, as its other end might. */
  void closeOne() {
    real.execute(() -> open.stream().findAny().ifPresent(Link::close));
  }

  private void throwIf(Callback callback) {
    if (planted.compareAndSet(callback, null)) {
      throw thrown();
    }
  }

  private Runnable faulty(Callback callback, Runnable task) {
    return new Runnable() {
      @Override
      public void run() {
        task.run();
        throwIf(callback);
      }

      @Override
      public String toString() {
        return task.toString();
      }
    };
  }

  private final class FaultyTime implements TimeSource {
    private final TimeSource right;

    FaultyTime(TimeSource right) {
      this.right = right;
    }

    @Override
    public long unixMillis() {
      throwIfAsked();
      return right.unixMillis();
    }

    @Override
    public long nanoTime() {
      throwIfAsked();
      return right.nanoTime();
    }

    private void throwIfAsked() {
      String name = plantedClass.get();
      if (name != null && real.inLoop() && isOnStack(name)) {
        plantedClass.set(null);
        throw thrown();
      }
    }

    private static boolean isOnStack(String name) {
      return STACK.walk(
          frames ->
              frames.anyMatch(frame -> (frame.getClassName() + "$").contains("." + name + "$")));
    }
  }

  /** One connection, and what may throw when something happens on it. */
  private final class FaultyListener implements LinkListener {
    private final LinkListener listener;
    private @Nullable Link link;

    FaultyListener(LinkListener listener) {
      this.listener = listener;
    }

    @Override
    public void opened(Link opened) {
      link = opened;
      open.add(opened);
      listener.opened(opened);
      throwIf(Callback.OPENED);
    }

    @Override
    public void connectFailed(Throwable cause) {
      listener.connectFailed(cause);
    }

    @Override
    public void received(ByteBuf in) {
      throwIf(Callback.RECEIVED);
      listener.received(in);
    }

    @Override
    public void writable(boolean writable) {
      listener.writable(writable);
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      ended.incrementAndGet();
      if (link != null) {
        open.remove(link);
      }
      listener.closed(cause);
      throwIf(Callback.CLOSED);
    }

    @Override
    public String toString() {
      return listener.toString();
    }
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public void execute(Runnable task) {
    real.execute(faulty(Callback.TASK, task));
  }

  @Override
  public Cancellable schedule(long delayNs, Runnable task) {
    return real.schedule(delayNs, faulty(Callback.TIMER, task));
  }

  @Override
  public Cancellable repeat(long periodNs, String what, Runnable task) {
    return real.repeat(
        periodNs,
        what,
        () -> {
          throwIf(Callback.REPEATED);
          task.run();
        });
  }

  @Override
  public void atNextTurn(Runnable task) {
    real.atNextTurn(faulty(Callback.TASK, task));
  }

  @Override
  public void atBatchEnd(Runnable task) {
    real.atBatchEnd(faulty(Callback.BATCH_END, task));
  }

  @Override
  public void connect(NodeAddress remote, long timeoutNs, LinkListener listener) {
    real.connect(remote, timeoutNs, new FaultyListener(listener));
  }

  @Override
  public Listening listen(NodeAddress local, Supplier<LinkListener> listeners) throws IOException {
    return real.listen(
        local,
        () -> {
          throwIf(Callback.ACCEPTED);
          return new FaultyListener(listeners.get());
        });
  }
}
