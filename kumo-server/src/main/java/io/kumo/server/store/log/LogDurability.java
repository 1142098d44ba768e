package io.kumo.server.store.log;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.Buckets;
import io.kumo.core.metrics.Distribution;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.FaultPoint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Up to where a redo log survives a power loss, and why it takes nothing more once it has failed.
 *
 * <p>Invariant: {@code durable} only grows; a sync that failed is never tried again, because the
 * kernel may have dropped what it could not write. Read by any thread; synced by one at a time.
 */
final class LogDurability {
  private final AtomicLong syncCount = new AtomicLong();
  private final Buckets syncTimes = new Buckets();
  private volatile long durable;
  private volatile @Nullable StoreException failure;

  /** Of a log that is durable up to a position. */
  LogDurability(long durable) {
    this.durable = durable;
  }

  long durable() {
    return durable;
  }

  /** Microseconds. */
  Distribution syncTimes() {
    return syncTimes.read();
  }

  long syncCount() {
    return syncCount.get();
  }

  @Nullable StoreException failure() {
    return failure;
  }

  void fail(StoreException reason) {
    failure = reason;
  }

  /** Throws why the log takes nothing more. */
  void check() {
    StoreException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  /** Makes the log durable up to a position, which these segments reach; blocks. */
  void sync(List<LogSegment> unsynced, long until) {
    try {
      long beganNs = TimeSource.system().nanoTime();
      for (LogSegment segment : unsynced) {
        segment.sync();
      }
      syncTimes.addShared((TimeSource.system().nanoTime() - beganNs) / 1000);
      syncCount.incrementAndGet();
      FaultPoint.LOG_SYNCED.reach();
      durable = until;
    } catch (IOException e) {
      StoreException failed =
          new StoreException(
              StoreException.Code.IO,
              "the redo log cannot be synced; the disk has failed, replace it",
              e);
      failure = failed;
      throw failed;
    }
  }
}
