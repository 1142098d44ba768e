package io.kumo.server.store.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kumo.core.metrics.Distribution;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.FaultPoint;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The redo log of a store: every change, in the order in which it was made, before it is made.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A record is appended while the lock of its shard is held, so the records of one key lie in
 *       the order of their effect.
 *   <li>A record's checksum is written after its content: what a kill leaves half written is not a
 *       record. A segment is memory that is the file, so what is appended survives a kill.
 *   <li>Up to {@code durable} the log survives a power loss. It only grows; a sync that failed is
 *       never tried again, because the kernel may have dropped what it could not write.
 *   <li>A segment is let go of only when every data file has, durably, all that it holds.
 * </ul>
 *
 * <p>Locks: {@code syncLock} before {@code lock}; a shard's lock before both.
 */
public final class RedoLog {
  private final SegmentSupply supply;
  private final int segmentBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock syncLock = new ReentrantLock();
  private final FragmentWriter fragments;
  private final LogDurability durability;

  @GuardedBy("lock")
  private final KeptSegments kept;

  @GuardedBy("lock")
  private int offset;

  private volatile long end;

  /**
   * Goes on after recovery.
   *
   * @param existing the segments from the oldest needed to the one that holds {@code end}; empty to
   *     begin with the first segment of the supply
   * @param end where the next record goes
   */
  public RedoLog(
      SegmentSupply supply, int segmentBytes, int epoch, List<LogSegment> existing, long end) {
    this.supply = supply;
    this.segmentBytes = segmentBytes;
    fragments = new FragmentWriter(segmentBytes, epoch);
    kept = new KeptSegments(existing);
    if (existing.isEmpty()) {
      supply.await(1);
      kept.add(supply.take());
      this.end = kept.newest().start() + LogFormat.SEGMENT_HEADER_BYTES;
    } else {
      this.end = end;
    }
    offset = (int) (this.end - kept.newest().start());
    durability = new LogDurability(this.end);
  }

  /**
   * Throws, outside all locks, when there is no room yet for a body of this length. Never waits;
   * {@link #append} may still throw the same.
   */
  public void reserve(int bodyBytes) {
    durability.check();
    int room = segmentBytes - (int) (end % segmentBytes) - 2 * LogFormat.HEADER_BYTES;
    if (bodyBytes > room) {
      supply.require(segmentsFor(bodyBytes, 0));
    }
  }

  private int segmentsFor(int bodyBytes, int roomInCurrent) {
    int perSegment = segmentBytes - LogFormat.SEGMENT_HEADER_BYTES - LogFormat.HEADER_BYTES;
    int rest = Math.max(0, bodyBytes - Math.max(0, roomInCurrent - LogFormat.HEADER_BYTES));
    return (rest + perSegment - 1) / perSegment;
  }

  /**
   * Appends a record, whole or, when the next segment is not there yet, not at all; borrows the
   * buffers.
   *
   * @return the position after it
   */
  public long append(
      byte operation,
      long gatewayIncarnation,
      long sequence,
      ByteBuf rawKey,
      @Nullable ByteBuf rawValue) {
    boolean hasId = (gatewayIncarnation | sequence) != 0;
    LogBody body =
        new LogBody(
            hasId ? LogFormat.HAS_REQUEST_ID : 0, gatewayIncarnation, sequence, rawKey, rawValue);
    lock.lock();
    try {
      durability.check();
      int total = body.length();
      int room = segmentBytes - offset;
      if (room < LogFormat.HEADER_BYTES + total) {
        int usable = room < LogFormat.MIN_ROOM_BYTES ? 0 : room;
        supply.require(segmentsFor(total, usable));
      }
      for (int from = 0; from < total; ) {
        if (segmentBytes - offset < LogFormat.MIN_ROOM_BYTES) {
          kept.add(supply.take());
          offset = LogFormat.SEGMENT_HEADER_BYTES;
          FaultPoint.SEGMENT_SWITCHED.reach();
        }
        int length = Math.min(total - from, segmentBytes - offset - LogFormat.HEADER_BYTES);
        fragments.write(kept.newest(), offset, operation, body, from, length);
        from += length;
        offset += LogFormat.HEADER_BYTES + length;
      }
      end = kept.newest().start() + offset;
      FaultPoint.APPENDED.reach();
      return end;
    } finally {
      lock.unlock();
    }
  }

  /** The position after the last record. */
  public long end() {
    return end;
  }

  /** Up to here the log survives a power loss. */
  public long durable() {
    return durability.durable();
  }

  /** What syncs took, in microseconds. */
  public Distribution syncTimes() {
    return durability.syncTimes();
  }

  public long syncCount() {
    return durability.syncCount();
  }

  /** Why the log takes nothing more, null while it does. */
  public @Nullable StoreException failure() {
    return durability.failure();
  }

  /** Bytes from the oldest segment to the end. */
  public long lengthBytes() {
    lock.lock();
    try {
      return end - kept.oldest().start();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more: memory and log may have parted. */
  public void fail(StoreException reason) {
    durability.fail(reason);
  }

  /** Makes the log durable up to a position at least; blocks. */
  public void sync(long position) {
    syncLock.lock();
    try {
      durability.check();
      if (durability.durable() < position) {
        long until = end;
        durability.sync(segments(durability.durable(), until), until);
      }
    } finally {
      syncLock.unlock();
    }
  }

  private List<LogSegment> segments(long from, long to) {
    lock.lock();
    try {
      return kept.between(from, to);
    } finally {
      lock.unlock();
    }
  }

  /** Keeps everything from a position on until {@link #unpin}. */
  public void pin(long position) {
    lock.lock();
    try {
      kept.pin(position);
    } finally {
      lock.unlock();
    }
  }

  public void unpin(long position) {
    lock.lock();
    try {
      kept.unpin(position);
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of the segments before a position, which every data file has reached durably. */
  public void releaseBefore(long position) throws IOException {
    sync(position);
    syncLock.lock();
    try {
      for (LogSegment segment : unneeded(position)) {
        supply.recycle(segment);
      }
    } finally {
      syncLock.unlock();
    }
  }

  private List<LogSegment> unneeded(long position) {
    lock.lock();
    try {
      return kept.removeBefore(position);
    } finally {
      lock.unlock();
    }
  }

  /** The segments that hold anything from a position on, oldest first. */
  public List<LogSegment> segmentsFrom(long position) {
    return segments(position, Long.MAX_VALUE);
  }

  public void close() throws IOException {
    supply.close();
    lock.lock();
    try {
      kept.close();
    } finally {
      lock.unlock();
    }
  }
}
