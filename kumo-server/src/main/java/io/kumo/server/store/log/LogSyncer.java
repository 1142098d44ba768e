package io.kumo.server.store.log;

import io.kumo.core.guard.Guard;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.SyncListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that syncs the redo log for everybody. With {@code always} it syncs whenever somebody
 * waits, and all who came meanwhile share the next sync (group commit); with {@code everysec} once
 * a second; with {@code never} not at all.
 *
 * <p>Invariant: every listener is told exactly once, after the sync that covers its position, or
 * with the failure; a listener that comes after the end of the thread is told at once.
 */
public final class LogSyncer {
  /** The bound of {@code everysec}. */
  public static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);

  /** So often a bug may come again. */
  private static final long AFTER_BUG_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private record SyncWaiter(long position, Executor executor, SyncListener listener) {}

  private final RedoLog log;
  private final FsyncPolicy policy;
  private final long periodNs;
  private final Queue<SyncWaiter> waiters = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean closing;
  private long markedAt;

  /** {@code periodNs} is the time between two syncs with {@code everysec}. */
  public LogSyncer(RedoLog log, FsyncPolicy policy, long periodNs) {
    this.log = log;
    this.policy = policy;
    this.periodNs = periodNs;
    thread = Guard.ofProcess().thread("kumo-log-sync", this::run);
  }

  public void start() {
    thread.start();
  }

  public void whenDurable(long position, Executor executor, SyncListener listener) {
    StoreException failure = log.failure();
    if (failure != null) {
      listener.synced(failure);
    } else if (policy != FsyncPolicy.ALWAYS || log.durable() >= position) {
      listener.synced(null);
    } else {
      waiters.add(new SyncWaiter(position, executor, listener));
      if (parked) {
        LockSupport.unpark(thread);
      }
      if (closing && !thread.isAlive()) {
        tell(new StoreException(StoreException.Code.CLOSED, "the store is closed"));
      }
    }
  }

  private void run() {
    while (!closing) {
      await();
      if (!waiters.isEmpty() || (policy == FsyncPolicy.EVERYSEC && log.durable() < log.end())) {
        syncGuarded();
      }
    }
    syncGuarded();
  }

  private void await() {
    parked = true;
    if (policy == FsyncPolicy.EVERYSEC) {
      if (!closing) {
        LockSupport.parkNanos(this, periodNs);
      }
    } else if (waiters.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    parked = false;
  }

  private void syncGuarded() {
    if (!Guard.ofProcess().run("sync of the log", this, this::syncOnce)) {
      LockSupport.parkNanos(this, AFTER_BUG_NS);
    }
  }

  /** Whatever happens, who waits is told. */
  private void syncOnce() {
    List<SyncWaiter> covered = drain();
    StoreException failure =
        new StoreException(StoreException.Code.IO, "a bug; the server's log has it");
    try {
      failure = trySync();
    } finally {
      tell(covered, failure);
    }
    if (failure == null && !closing) {
      try {
        mark();
      } catch (StoreException e) {
        tell(e);
      }
    }
  }

  private @Nullable StoreException trySync() {
    try {
      log.sync(log.end());
      return null;
    } catch (StoreException e) {
      return e;
    }
  }

  /**
   * Leaves word in the log how far it is durable, which tells damage from an unwritten end. Without
   * room for it the word after the next sync says more.
   */
  private void mark() {
    long durable = log.durable();
    if (durable > markedAt) {
      ByteBuf body = Unpooled.buffer(Long.BYTES).writeLong(durable);
      try {
        markedAt = log.append(LogFormat.SYNCED, 0, 0, body, null);
      } catch (StoreException e) {
        if (log.failure() != null) {
          throw e;
        }
      }
    }
  }

  private List<SyncWaiter> drain() {
    List<SyncWaiter> drained = new ArrayList<>();
    for (SyncWaiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
      drained.add(waiter);
    }
    return drained;
  }

  private void tell(StoreException failure) {
    tell(drain(), failure);
  }

  /** One hop for all neighbours that have the same executor. */
  private static void tell(List<SyncWaiter> waiters, @Nullable StoreException failure) {
    int from = 0;
    while (from < waiters.size()) {
      Executor executor = waiters.get(from).executor();
      int to = from + 1;
      while (to < waiters.size() && waiters.get(to).executor() == executor) {
        to++;
      }
      List<SyncWaiter> group = waiters.subList(from, to);
      executor.execute(() -> group.forEach(waiter -> tell(waiter.listener(), failure)));
      from = to;
    }
  }

  /** What one listener throws is no reason to leave the others waiting. */
  private static void tell(SyncListener listener, @Nullable StoreException failure) {
    Guard.ofProcess().run("sync listener", listener, () -> listener.synced(failure));
  }

  /** Syncs a last time and ends the thread. */
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    SegmentSupply.joinUninterruptibly(thread);
    tell(new StoreException(StoreException.Code.CLOSED, "the store is closed"));
  }
}
