package io.kumo.server.store.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kumo.core.guard.Guard;
import io.kumo.core.log.LogId;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.SmallFile;
import io.kumo.server.store.log.SegmentSupply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small blobs of server state, and the thread that writes them: each takes several syncs, for
 * which no event loop waits.
 *
 * <p>Invariants: of each name only the newest content waits, so that what waits is bounded by the
 * names; all who put one before hear when the newest is durable. What cannot be written is tried
 * again until the store closes.
 */
final class StateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);
  private static final String PREFIX = "state-";
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Whom to tell, and where. */
  private record StateWaiter(Executor executor, SyncListener listener) {}

  /** What is to be written. */
  private static final class Job {
    private final String name;
    private final byte[] content;
    private final boolean afterSync;
    private final List<StateWaiter> waiters;

    Job(String name, byte[] content, boolean afterSync, List<StateWaiter> waiters) {
      this.name = name;
      this.content = content;
      this.afterSync = afterSync;
      this.waiters = waiters;
    }
  }

  private final Disk disk;
  private final Runnable records;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread = Guard.ofProcess().thread("kumo-store-state", this::run);

  @GuardedBy("lock")
  private final Map<String, Job> waiting = new LinkedHashMap<>();

  /** What was put since the store opened. */
  @GuardedBy("lock")
  private final Map<String, byte[]> newest = new HashMap<>();

  @GuardedBy("lock")
  private boolean writing;

  @GuardedBy("lock")
  private boolean closing;

  /**
   * @param records makes what the store holds durable; blocks
   */
  StateFiles(Disk disk, Runnable records) {
    this.disk = disk;
    this.records = records;
  }

  void start() {
    thread.start();
  }

  static boolean isState(String name) {
    return name.startsWith(PREFIX) && !name.endsWith(".new");
  }

  /** As {@link Store#putState(String, byte[], Executor, SyncListener)}. */
  void put(String name, byte[] bytes, boolean afterSync, Executor executor, SyncListener listener) {
    if (!add(name, bytes.clone(), afterSync, new StateWaiter(executor, listener))) {
      listener.synced(new StoreException(StoreException.Code.CLOSED, "the store is closed"));
    }
  }

  private boolean add(String name, byte[] content, boolean afterSync, StateWaiter waiter) {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      Job before = waiting.get(name);
      List<StateWaiter> waiters = before == null ? new ArrayList<>() : before.waiters;
      waiters.add(waiter);
      boolean syncs = afterSync || (before != null && before.afterSync);
      waiting.put(name, new Job(name, content, syncs, waiters));
      newest.put(name, content);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  byte @Nullable [] read(String name) {
    byte @Nullable [] content = newest(name);
    if (content != null) {
      return content.clone();
    }
    try {
      return SmallFile.read(disk, PREFIX + name);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Code.CORRUPT, "state %s is damaged: %s".formatted(name, e), e);
    }
  }

  private byte @Nullable [] newest(String name) {
    lock.lock();
    try {
      return newest.get(name);
    } finally {
      lock.unlock();
    }
  }

  /** Blocks until everything put so far is durable, or the store closes. */
  void flush() {
    lock.lock();
    try {
      while ((writing || !waiting.isEmpty()) && !closing) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (Job job = take(); job != null; job = take()) {
      IOException failure = write(job);
      if (failure != null) {
        LOG.warn(
            LogId.STATE_NOT_WRITTEN,
            "state {} cannot be written, trying on: {}",
            job.name,
            failure.toString());
      }
      while (failure != null && !isClosing()) {
        LockSupport.parkNanos(this, RETRY_NS);
        failure = write(job);
      }
      tell(job, failure);
    }
  }

  /** Null when the store closes and nothing is left. */
  private @Nullable Job take() {
    lock.lock();
    try {
      writing = false;
      changed.signalAll();
      while (waiting.isEmpty() && !closing) {
        changed.awaitUninterruptibly();
      }
      writing = !waiting.isEmpty();
      return writing ? waiting.remove(waiting.keySet().iterator().next()) : null;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable IOException write(Job job) {
    try {
      if (job.afterSync) {
        records.run();
      }
      SmallFile.write(disk, PREFIX + job.name, job.content);
      return null;
    } catch (IOException e) {
      return e;
    } catch (StoreException e) {
      return new IOException(e);
    }
  }

  private static void tell(Job job, @Nullable IOException failure) {
    StoreException told =
        failure == null
            ? null
            : new StoreException(
                StoreException.Code.IO, "state " + job.name + " cannot be written", failure);
    for (StateWaiter waiter : job.waiters) {
      Guard.ofProcess()
          .run(
              "listener to state",
              waiter,
              () -> waiter.executor().execute(() -> waiter.listener().synced(told)));
    }
  }

  /** Writes what waits, once, and ends the thread. */
  void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    SegmentSupply.joinUninterruptibly(thread);
  }
}
