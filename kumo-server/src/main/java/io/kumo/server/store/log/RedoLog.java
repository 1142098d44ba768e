package io.kumo.server.store.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.Buckets;
import io.kumo.core.metrics.Distribution;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.FaultPoint;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
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
  private final int epoch;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock syncLock = new ReentrantLock();
  private final CRC32C crc = new CRC32C();

  @GuardedBy("lock")
  private final Deque<LogSegment> segments = new ArrayDeque<>();

  @GuardedBy("lock")
  private int offset;

  private volatile long end;
  private volatile long durable;
  private final AtomicLong syncCount = new AtomicLong();
  private final Buckets syncTimes = new Buckets();
  private volatile @Nullable StoreException failure;

  @GuardedBy("lock")
  private final List<Long> pins = new ArrayList<>();

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
    this.epoch = epoch;
    segments.addAll(existing);
    if (existing.isEmpty()) {
      supply.await(1);
      segments.add(supply.take());
      this.end = segments.getLast().start() + LogFormat.SEGMENT_HEADER_BYTES;
    } else {
      this.end = end;
    }
    offset = (int) (this.end - segments.getLast().start());
    durable = this.end;
  }

  /**
   * Throws, outside all locks, when there is no room yet for a body of this length. Never waits;
   * {@link #append} may still throw the same.
   */
  public void reserve(int bodyBytes) {
    StoreException failed = failure;
    if (failed != null) {
      throw failed;
    }
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
      StoreException failed = failure;
      if (failed != null) {
        throw failed;
      }
      int total = body.length();
      int room = segmentBytes - offset;
      if (room < LogFormat.HEADER_BYTES + total) {
        int usable = room < LogFormat.MIN_ROOM_BYTES ? 0 : room;
        supply.require(segmentsFor(total, usable));
      }
      for (int from = 0; from < total; ) {
        if (segmentBytes - offset < LogFormat.MIN_ROOM_BYTES) {
          segments.addLast(supply.take());
          offset = LogFormat.SEGMENT_HEADER_BYTES;
          FaultPoint.SEGMENT_SWITCHED.reach();
        }
        int length = Math.min(total - from, segmentBytes - offset - LogFormat.HEADER_BYTES);
        writeFragment(operation, body, from, length);
        from += length;
        offset += LogFormat.HEADER_BYTES + length;
      }
      end = segments.getLast().start() + offset;
      FaultPoint.APPENDED.reach();
      return end;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void writeFragment(byte operation, LogBody body, int from, int length) {
    LogSegment segment = segments.getLast();
    ByteBuffer memory = segment.memory();
    int at = offset;
    memory.limit(segmentBytes).position(at + LogFormat.HEADER_BYTES);
    body.copy(from, length, memory);
    memory.putInt(at + LogFormat.BODY_LENGTH, length);
    memory.putLong(at + LogFormat.LSN, segment.start() + at);
    memory.putInt(at + LogFormat.EPOCH, epoch);
    memory.putInt(at + LogFormat.TOTAL_LENGTH, body.length());
    memory.put(at + LogFormat.OPERATION, operation);
    memory.put(at + LogFormat.FLAGS, (byte) (body.flags() | (from > 0 ? LogFormat.CONTINUES : 0)));
    memory.putShort(at + LogFormat.KEY_LENGTH, (short) body.keyLength());
    FaultPoint.APPEND.reach();
    crc.reset();
    crc.update(
        memory.limit(at + LogFormat.HEADER_BYTES + length).position(at + LogFormat.BODY_LENGTH));
    memory.putInt(at + LogFormat.CRC, (int) crc.getValue());
  }

  /** The position after the last record. */
  public long end() {
    return end;
  }

  /** Up to here the log survives a power loss. */
  public long durable() {
    return durable;
  }

  /** What syncs took, in microseconds. */
  public Distribution syncTimes() {
    return syncTimes.read();
  }

  public long syncCount() {
    return syncCount.get();
  }

  /** Why the log takes nothing more, null while it does. */
  public @Nullable StoreException failure() {
    return failure;
  }

  /** Bytes from the oldest segment to the end. */
  public long lengthBytes() {
    lock.lock();
    try {
      return end - segments.getFirst().start();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more: memory and log may have parted. */
  public void fail(StoreException reason) {
    failure = reason;
  }

  /** Makes the log durable up to a position at least; blocks. */
  public void sync(long position) {
    syncLock.lock();
    try {
      StoreException failed = failure;
      if (failed != null) {
        throw failed;
      }
      if (durable >= position) {
        return;
      }
      long until = end;
      long beganNs = TimeSource.system().nanoTime();
      for (LogSegment segment : unsynced(until)) {
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
    } finally {
      syncLock.unlock();
    }
  }

  private List<LogSegment> unsynced(long until) {
    List<LogSegment> touched = new ArrayList<>();
    lock.lock();
    try {
      for (LogSegment segment : segments) {
        if (segment.end() > durable && segment.start() < until) {
          touched.add(segment);
        }
      }
    } finally {
      lock.unlock();
    }
    return touched;
  }

  /** Keeps everything from a position on until {@link #unpin}. */
  public void pin(long position) {
    lock.lock();
    try {
      pins.add(position);
    } finally {
      lock.unlock();
    }
  }

  public void unpin(long position) {
    lock.lock();
    try {
      pins.remove(Long.valueOf(position));
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
    List<LogSegment> gone = new ArrayList<>();
    lock.lock();
    try {
      long limit = position;
      for (long pin : pins) {
        limit = Math.min(limit, pin);
      }
      Iterator<LogSegment> oldest = segments.iterator();
      while (segments.size() > 1) {
        LogSegment segment = oldest.next();
        if (segment.end() > limit) {
          break;
        }
        oldest.remove();
        gone.add(segment);
      }
    } finally {
      lock.unlock();
    }
    return gone;
  }

  /** The segments that hold anything from a position on, oldest first. */
  public List<LogSegment> segmentsFrom(long position) {
    List<LogSegment> found = new ArrayList<>();
    lock.lock();
    try {
      for (LogSegment segment : segments) {
        if (segment.end() > position) {
          found.add(segment);
        }
      }
    } finally {
      lock.unlock();
    }
    return found;
  }

  public void close() throws IOException {
    supply.close();
    lock.lock();
    try {
      for (LogSegment segment : segments) {
        segment.close();
      }
      segments.clear();
    } finally {
      lock.unlock();
    }
  }
}
