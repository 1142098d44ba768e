package io.kumo.testkit.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.Modification;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.RequestVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreMemory;
import io.kumo.server.store.StoreSnapshot;
import io.kumo.server.store.StoreStatistics;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.snapshot.KeptRecords;
import io.kumo.server.store.snapshot.MergedSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A store in heap memory that forgets everything when it is closed: for simulated servers and for
 * tests. Every write counts as durable at once.
 *
 * <p>Invariant: all state changes under the one lock, and no foreign code but a {@link
 * Modification} runs while it is held.
 */
public class MemoryStore implements Store {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final NavigableMap<byte[], byte[]> records = new TreeMap<>(Arrays::compareUnsigned);

  @GuardedBy("lock")
  private final Map<String, byte[]> states = new HashMap<>();

  @GuardedBy("lock")
  private long tombstones;

  @GuardedBy("lock")
  private long liveBytes;

  @GuardedBy("lock")
  private long tombstoneBytes;

  @GuardedBy("lock")
  private long largestClockTime;

  @GuardedBy("lock")
  private long position;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private @Nullable KeptRecords kept;

  private volatile boolean full;

  private final ClockOrder order;

  public MemoryStore() {
    this(ClockOrder.SOUND);
  }

  /** One that may take the wrong record for the newer one. */
  public MemoryStore(ClockOrder order) {
    this.order = order;
  }

  @Override
  public @Nullable ByteBuf get(ByteBuf rawKey) {
    RawRecords.checkKey(rawKey);
    byte[] value;
    synchronized (lock) {
      checkOpen();
      value = records.get(RawRecords.bytes(rawKey));
    }
    if (value == null) {
      return null;
    }
    return PooledByteBufAllocator.DEFAULT.buffer(value.length).writeBytes(value);
  }

  @Override
  public long clockTime(ByteBuf rawKey) {
    RawRecords.checkKey(rawKey);
    synchronized (lock) {
      checkOpen();
      return clockTimeOf(records.get(RawRecords.bytes(rawKey)));
    }
  }

  @Override
  public WriteResult update(
      ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    RawRecords.checkKey(rawKey);
    RawRecords.checkValue(rawValue);
    checkRoom(rawValue);
    synchronized (lock) {
      checkOpen();
      byte[] key = RawRecords.bytes(rawKey);
      byte[] current = records.get(key);
      if (current != null && !isNewer(rawValue, Unpooled.wrappedBuffer(current))) {
        return new WriteResult(false, clockTimeOf(current), position);
      }
      return store(key, RawRecords.bytes(rawValue));
    }
  }

  @Override
  public WriteResult modify(
      ByteBuf rawKey, Modification modification, long gatewayIncarnation, long sequence) {
    RawRecords.checkKey(rawKey);
    synchronized (lock) {
      checkOpen();
      byte[] key = RawRecords.bytes(rawKey);
      byte[] current = records.get(key);
      ByteBuf replacement =
          modification.apply(current == null ? null : Unpooled.wrappedBuffer(current.clone()));
      if (replacement == null) {
        return new WriteResult(false, clockTimeOf(current), position);
      }
      try {
        RawRecords.checkValue(replacement);
        checkRoom(replacement);
        return store(key, RawRecords.bytes(replacement));
      } finally {
        replacement.release();
      }
    }
  }

  @Override
  public boolean removeIf(ByteBuf rawKey, long clockTime) {
    RawRecords.checkKey(rawKey);
    synchronized (lock) {
      checkOpen();
      byte[] key = RawRecords.bytes(rawKey);
      byte[] current = records.get(key);
      if (current == null || clockTimeOf(current) != clockTime) {
        return false;
      }
      if (kept != null && kept.wants(clockTime)) {
        kept.keep(key, current);
      }
      records.remove(key);
      count(key, current, -1);
      position++;
      return true;
    }
  }

  @Override
  public Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor) {
    if (from.isDone()) {
      return from;
    }
    List<Map.Entry<byte[], byte[]>> batch = batch(from, limits);
    for (int i = 0; i < batch.size(); i++) {
      byte[] key = batch.get(i).getKey();
      byte[] value = batch.get(i).getValue();
      ByteBuf seen =
          Unpooled.wrappedBuffer(value, 0, Math.min(value.length, limits.maxValueBytes()));
      if (!visitor.visit(Unpooled.wrappedBuffer(key).asReadOnly(), seen, value.length)) {
        return from.after(key);
      }
    }
    return batch.isEmpty() ? from.exhausted() : from.after(batch.get(batch.size() - 1).getKey());
  }

  private List<Map.Entry<byte[], byte[]>> batch(Cursor from, ScanLimits limits) {
    List<Map.Entry<byte[], byte[]>> batch = new ArrayList<>();
    long bytes = 0;
    synchronized (lock) {
      checkOpen();
      for (Map.Entry<byte[], byte[]> entry :
          records.tailMap(from.key(), from.isInclusive()).entrySet()) {
        long hash = RawRecords.head(Unpooled.wrappedBuffer(entry.getKey()));
        if (Long.compareUnsigned(hash, from.toHash()) > 0
            || batch.size() == limits.maxRecords()
            || bytes >= limits.maxBytes()) {
          break;
        }
        batch.add(Map.entry(entry.getKey(), entry.getValue().clone()));
        bytes += entry.getKey().length + Math.min(entry.getValue().length, limits.maxValueBytes());
      }
    }
    return batch;
  }

  @Override
  public long liveCount() {
    synchronized (lock) {
      return records.size() - tombstones;
    }
  }

  @Override
  public long tombstoneCount() {
    synchronized (lock) {
      return tombstones;
    }
  }

  @Override
  public long largestClockTime() {
    synchronized (lock) {
      return largestClockTime;
    }
  }

  @Override
  public long position() {
    synchronized (lock) {
      return position;
    }
  }

  @Override
  public void whenDurable(long position, Executor executor, SyncListener listener) {
    listener.synced(null);
  }

  @Override
  public void sync() {}

  @Override
  public void putState(String name, byte[] bytes, Executor executor, SyncListener listener) {
    synchronized (lock) {
      checkOpen();
      states.put(name, bytes.clone());
    }
    executor.execute(() -> listener.synced(null));
  }

  @Override
  public void putStateAfterSync(
      String name, byte[] bytes, Executor executor, SyncListener listener) {
    putState(name, bytes, executor, listener);
  }

  @Override
  public byte @Nullable [] state(String name) {
    synchronized (lock) {
      byte[] bytes = states.get(name);
      return bytes == null ? null : bytes.clone();
    }
  }

  @Override
  public void recentRequests(RequestVisitor visitor) {}

  @Override
  public StoreStatistics statistics() {
    synchronized (lock) {
      return new StoreStatistics(
          liveCount(),
          tombstones,
          liveBytes,
          tombstoneBytes,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          StoreMemory.NONE);
    }
  }

  @Override
  public void backup(Path directory) {
    throw new StoreException(
        StoreException.Code.IO, "a store in memory has no files to back up to " + directory);
  }

  @Override
  public StoreSnapshot openSnapshot(long clockTime) {
    KeptRecords all = new KeptRecords(clockTime, Integer.MAX_VALUE);
    synchronized (lock) {
      checkOpen();
      if (kept != null) {
        throw new StoreException(StoreException.Code.BUSY, "another snapshot is open");
      }
      kept = all;
    }
    return new MergedSnapshot(this, all, () -> end(all));
  }

  private void end(KeptRecords all) {
    all.close();
    synchronized (lock) {
      kept = kept == all ? null : kept;
    }
  }

  @Override
  public void compact() {}

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  @GuardedBy("lock")
  private WriteResult store(byte[] key, byte[] value) {
    byte[] former = records.get(key);
    if (former != null && kept != null && kept.wants(clockTimeOf(former), clockTimeOf(value))) {
      kept.keep(key, former);
    }
    records.put(key, value);
    if (former != null) {
      count(key, former, -1);
    }
    count(key, value, 1);
    long clockTime = clockTimeOf(value);
    if (Long.compareUnsigned(clockTime, largestClockTime) > 0) {
      largestClockTime = clockTime;
    }
    return new WriteResult(true, clockTime, ++position);
  }

  @GuardedBy("lock")
  private void count(byte[] key, byte[] value, int sign) {
    long bytes = sign * (long) (key.length + value.length);
    if (value.length == TOMBSTONE_BYTES) {
      tombstones += sign;
      tombstoneBytes += bytes;
    } else {
      liveBytes += bytes;
    }
  }

  @GuardedBy("lock")
  private void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Code.CLOSED, "the store is closed");
    }
  }

  /** As of a disk without room, or with some again. */
  public void setFull(boolean isFull) {
    full = isFull;
  }

  @Override
  public @Nullable String fullness() {
    return full ? "there is no room" : null;
  }

  private void checkRoom(ByteBuf rawValue) {
    if (full && !RawRecords.isTombstone(rawValue)) {
      throw new StoreException(StoreException.Code.DISK_FULL, "there is no room");
    }
  }

  private boolean isNewer(ByteBuf rawValue, ByteBuf than) {
    int newer = order.compare(RawRecords.head(rawValue), RawRecords.head(than));
    return newer == 0 ? RawRecords.isNewer(rawValue, than) : newer > 0;
  }

  private static long clockTimeOf(byte @Nullable [] value) {
    return value == null ? 0 : RawRecords.head(Unpooled.wrappedBuffer(value));
  }
}
