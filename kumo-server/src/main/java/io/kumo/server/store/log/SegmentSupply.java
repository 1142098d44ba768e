package io.kumo.server.store.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kumo.core.guard.Guard;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the segments of the redo log before they are needed, on a thread of its own: writing a
 * fresh file, its header and its name takes several syncs.
 *
 * <p>Invariants: a segment is handed out only when its blocks, header and name are durable.
 * Segments are made and handed out in the order of their numbers. Files that the log lets go of are
 * used again, so a log in its stride makes no new blocks. The lock is held for microseconds only,
 * never during anything that waits for the disk.
 */
public final class SegmentSupply {
  private static final int AHEAD = 2;
  private static final int MAX_RECYCLED = 4;
  private static final long PATIENCE_SECONDS = 30;
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String SPARE = "log-spare.";

  private final Disk disk;
  private final int segmentBytes;
  private final long storeId;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Deque<LogSegment> ready = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Deque<String> recycled = new ArrayDeque<>();

  /** The size of {@code ready}, for those who only look. */
  private volatile int readyCount;

  @GuardedBy("lock")
  private long next;

  @GuardedBy("lock")
  private int wanted = AHEAD;

  @GuardedBy("lock")
  private long spares;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private @Nullable IOException failure;

  private @Nullable Thread thread;

  public SegmentSupply(Disk disk, int segmentBytes, long storeId) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.storeId = storeId;
  }

  /** Starts to make segments from a number on. */
  public void start(long firstNumber) {
    lock.lock();
    try {
      next = firstNumber;
    } finally {
      lock.unlock();
    }
    thread = Guard.ofProcess().thread("kumo-log-supply", this::run);
    thread.start();
  }

  /** Throws unless so many segments are ready, and has them made; never waits. */
  void require(int count) {
    if (readyCount >= count) {
      return;
    }
    lock.lock();
    try {
      wanted = Math.max(wanted, count);
      changed.signalAll();
      if (closed) {
        throw new StoreException(StoreException.Code.CLOSED, "the store is closed");
      }
      if (failure != null) {
        throw full();
      }
      throw new StoreException(
          StoreException.Code.BUSY, "a segment of the redo log is being made; try again");
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private StoreException full() {
    return new StoreException(
        StoreException.Code.DISK_FULL,
        "the redo log in " + disk.describe() + " cannot grow; make room on the disk",
        failure);
  }

  /** Waits until so many segments are ready: while a store opens. */
  void await(int count) {
    lock.lock();
    try {
      wanted = Math.max(wanted, count);
      changed.signalAll();
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (ready.size() < count) {
        if (closed) {
          throw new StoreException(StoreException.Code.CLOSED, "the store is closed");
        }
        if (failure != null || left <= 0) {
          throw full();
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Code.CLOSED, "interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Hands out the next segment; {@link #require} or {@link #await} has seen it. */
  LogSegment take() {
    lock.lock();
    try {
      changed.signalAll();
      wanted = Math.max(AHEAD, wanted - 1);
      LogSegment segment = ready.removeFirst();
      readyCount = ready.size();
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a segment that nobody needs any more. */
  void recycle(LogSegment segment) throws IOException {
    segment.close();
    String name = LogFormat.segmentName(segment.number());
    String spare = freeSpare();
    if (spare == null) {
      disk.delete(name);
    } else {
      disk.rename(name, spare);
      keep(spare);
    }
    FaultPoint.SEGMENT_RELEASED.reach();
  }

  /** A name for a file to use again; null when there are enough. */
  private @Nullable String freeSpare() {
    lock.lock();
    try {
      return recycled.size() >= MAX_RECYCLED ? null : SPARE + spares++;
    } finally {
      lock.unlock();
    }
  }

  private void keep(String spare) {
    lock.lock();
    try {
      recycled.addLast(spare);
    } finally {
      lock.unlock();
    }
  }

  public static boolean isSpare(String name) {
    return name.startsWith(SPARE);
  }

  private void run() {
    while (true) {
      String spare;
      long number;
      lock.lock();
      try {
        while (!closed && ready.size() >= wanted) {
          changed.awaitUninterruptibly();
        }
        if (closed) {
          return;
        }
        number = next;
        spare = recycled.isEmpty() ? SPARE + spares++ : recycled.removeFirst();
      } finally {
        lock.unlock();
      }
      if (!Guard.ofProcess().run("making a segment", this, () -> make(spare, number))) {
        LockSupport.parkNanos(this, RETRY_NS);
      }
    }
  }

  private void make(String spare, long number) {
    LogSegment segment = null;
    IOException failed = null;
    try {
      segment = prepare(spare, number);
    } catch (IOException e) {
      failed = e;
    }
    lock.lock();
    try {
      failure = failed;
      if (segment != null) {
        ready.addLast(segment);
        readyCount = ready.size();
        next++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (failed != null) {
      LockSupport.parkNanos(this, RETRY_NS);
    }
  }

  private LogSegment prepare(String spare, long number) throws IOException {
    DiskFile file = disk.open(spare);
    try {
      LogSegment.format(file, number, segmentBytes, storeId);
      FaultPoint.SEGMENT_PREPARED.reach();
      disk.rename(spare, LogFormat.segmentName(number));
      FaultPoint.SEGMENT_NAMED.reach();
      disk.syncNames();
      return LogSegment.map(file, number, segmentBytes);
    } catch (IOException e) {
      file.close();
      disk.delete(spare);
      throw e;
    }
  }

  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      joinUninterruptibly(running);
    }
    lock.lock();
    try {
      for (LogSegment segment : ready) {
        segment.close();
      }
      ready.clear();
    } finally {
      lock.unlock();
    }
  }

  public static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
