package io.kumo.server.store.shard;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kumo.server.store.Modification;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.log.LogFormat;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.mapdb.ShardCounts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A part of the keys, by the leading bits of their hashes, behind one lock.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A change is appended to the redo log and made in memory under one hold of the lock, so
 *       whoever holds it sees every change up to the end of the log that concerns this shard.
 *   <li>Nothing that waits for the disk happens under the lock, but page faults: it is held for
 *       microseconds, so an event loop may wait for it. What a write needs and is not there yet
 *       (dirty memory, a log segment, a longer file) is not waited for, but refused with BUSY.
 *   <li>If memory cannot follow the log, the log takes nothing more: the next start repeats it.
 * </ul>
 */
public final class Shard {
  private final int number;
  private final RedoLog log;
  private final WriteGate gate;
  private final AtomicLong dirtyMemoryBytes;
  private final DamageLog damage;
  private volatile Runnable grow = () -> {};
  private final ReentrantLock lock = new ReentrantLock();

  private ShardData data;
  private @Nullable ShardData mirror;
  private long accountedBytes;
  private boolean closed;
  private int generation;

  /**
   * A shard whose data has been recovered.
   *
   * @param dirtyMemoryBytes sum over all shards, kept up to date by each
   */
  public Shard(
      int number,
      ShardData data,
      RedoLog log,
      WriteGate gate,
      AtomicLong dirtyMemoryBytes,
      DamageLog damage) {
    this.damage = damage;
    this.number = number;
    this.data = data;
    this.log = log;
    this.gate = gate;
    this.dirtyMemoryBytes = dirtyMemoryBytes;
  }

  /** Whom to call when a data file is to be extended; must return at once. */
  public void onGrowth(Runnable wakeRoomMaker) {
    grow = wakeRoomMaker;
  }

  /** The files that may have to grow. */
  public List<CheckpointVolume> volumes() {
    lock.lock();
    try {
      ShardData second = mirror;
      CheckpointVolume first = data.file().volume();
      return second == null ? List.of(first) : List.of(first, second.file().volume());
    } finally {
      lock.unlock();
    }
  }

  public @Nullable ByteBuf get(ByteBuf rawKey) {
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      return recid == 0 ? null : data.value(recid);
    } catch (StoreException e) {
      throw noted(e, rawKey);
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  public int read(ByteBuf rawKey, ByteBuf out) {
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      return recid == 0 ? Store.NO_RECORD : data.appendValue(recid, out);
    } catch (StoreException e) {
      throw noted(e, rawKey);
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  public long clockTime(ByteBuf rawKey) {
    lock.lock();
    try {
      return locateSound(rawKey) == 0 ? 0 : data.clockTime();
    } catch (StoreException e) {
      throw noted(e, rawKey);
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  private long locateSound(ByteBuf rawKey) {
    checkOpen();
    long recid = data.locate(rawKey);
    if (recid != 0 && data.isDamaged()) {
      throw data.file().corrupt(recid, null);
    }
    return recid;
  }

  /** What Java makes of a mapped page that the disk cannot give. */
  private StoreException unreadable(InternalError e) {
    return new StoreException(
        StoreException.Code.IO,
        "%s cannot be read: the disk fails (%s)".formatted(data.file().name(), e.getMessage()),
        e);
  }

  /** Keeps what is damaged in mind, and says whose record it is. */
  @CanIgnoreReturnValue
  private StoreException noted(StoreException e, ByteBuf rawKey) {
    if (e.code() != StoreException.Code.CORRUPT) {
      return e;
    }
    StoreException withKey = ShardData.withKey(e, rawKey);
    damage.found(RawRecords.bytes(rawKey), withKey);
    return withKey;
  }

  /** A scan met this damaged record, which is open; under the lock. */
  void foundDamaged(long recid) {
    if (data.file().hasReadableKey()) {
      byte[] rawKey = data.file().key();
      noted(data.file().corrupt(recid, null), Unpooled.wrappedBuffer(rawKey));
    }
  }

  /** As {@link Store#update}; a damaged record counts as none, so that a replica can repair it. */
  public WriteResult update(
      ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    gate.admit(rawKey, rawValue);
    lock.lock();
    try {
      checkOpen();
      long recid = data.locate(rawKey);
      if (recid != 0 && !data.isDamaged() && !isNewer(recid, rawValue)) {
        return new WriteResult(false, data.clockTime(), log.end());
      }
      return write(recid, rawKey, rawValue, gatewayIncarnation, sequence);
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  private boolean isNewer(long recid, ByteBuf rawValue) {
    int order = Long.compareUnsigned(RawRecords.head(rawValue), data.clockTime());
    if (order != 0) {
      return order > 0;
    }
    ByteBuf stored;
    try {
      stored = data.value(recid);
    } catch (StoreException e) {
      return true; // A chunk is damaged; the same value from a replica repairs it.
    }
    try {
      return RawRecords.isNewer(rawValue, stored);
    } finally {
      stored.release();
    }
  }

  public WriteResult modify(
      ByteBuf rawKey, Modification modification, long gatewayIncarnation, long sequence) {
    gate.admit(rawKey, null);
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      ByteBuf current = recid == 0 ? null : data.value(recid);
      ByteBuf replacement = null;
      try {
        long clockTime = recid == 0 ? 0 : data.clockTime();
        replacement = modification.apply(current);
        if (replacement == null) {
          return new WriteResult(false, clockTime, log.end());
        }
        RawRecords.checkValue(replacement);
        gate.checkRoom(replacement);
        return write(recid, rawKey, replacement, gatewayIncarnation, sequence);
      } finally {
        if (replacement != null) {
          replacement.release();
        }
        if (current != null) {
          current.release();
        }
      }
    } catch (StoreException e) {
      throw noted(e, rawKey);
    } catch (InternalError e) {
      throw unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  private WriteResult write(
      long recid, ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    ensureRoom(rawKey.readableBytes() + rawValue.readableBytes());
    long position = log.append(LogFormat.PUT, gatewayIncarnation, sequence, rawKey, rawValue);
    try {
      data.put(recid, rawKey, rawValue, position);
      ShardData second = mirror;
      if (second != null) {
        second.put(second.locate(rawKey), rawKey, rawValue, position);
      }
    } catch (RuntimeException | Error e) {
      throw parted(e);
    }
    FaultPoint.APPLIED.reach();
    damage.written(rawKey);
    account();
    return new WriteResult(true, RawRecords.head(rawValue), position);
  }

  /** Before the log has the change, as it could not be taken back then. */
  private void ensureRoom(int bytes) {
    data.file().ensureRoom(bytes, grow);
    ShardData second = mirror;
    if (second != null) {
      second.file().ensureRoom(bytes, grow);
    }
  }

  public boolean removeIf(ByteBuf rawKey, long clockTime) {
    log.reserve(rawKey.readableBytes());
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      if (recid == 0 || data.clockTime() != clockTime) {
        return false;
      }
      ensureRoom(0);
      log.append(LogFormat.REMOVE, 0, 0, rawKey, null);
      try {
        data.remove(recid, rawKey);
        ShardData second = mirror;
        long copy = second == null ? 0 : second.locate(rawKey);
        if (second != null && copy != 0) {
          second.remove(copy, rawKey);
        }
      } catch (RuntimeException | Error e) {
        throw parted(e);
      }
      account();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private StoreException parted(Throwable cause) {
    StoreException failure =
        new StoreException(
            StoreException.Code.IO,
            "shard %d cannot apply what the log holds (%s); restart the server"
                .formatted(number, cause),
            cause);
    log.fail(failure);
    return failure;
  }

  /** Tells the others how much memory the changes of this shard hold. */
  public void account() {
    ShardData second = mirror;
    long bytes =
        data.file().volume().ownBytes() + (second == null ? 0 : second.file().volume().ownBytes());
    if (bytes != accountedBytes) {
      dirtyMemoryBytes.addAndGet(bytes - accountedBytes);
      accountedBytes = bytes;
    }
  }

  /** Throws once the shard is stopped. */
  void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Code.CLOSED, "the store is closed");
    }
  }

  public int number() {
    return number;
  }

  /** Guards {@link #data} and everything in it. */
  public ReentrantLock lock() {
    return lock;
  }

  /** Under the lock. */
  public ShardData data() {
    return data;
  }

  /** As {@link #data}, but throws once the shard is stopped. */
  public ShardData openData() {
    checkOpen();
    return data;
  }

  /** Grows when recids lose their meaning; under the lock. */
  int generation() {
    return generation;
  }

  /** Makes every further change twice; null to stop. Under the lock. */
  public void setMirror(@Nullable ShardData copy) {
    mirror = copy;
    account();
  }

  /** Puts a whole copy in the place of the data. Under the lock. */
  public void replaceData(ShardData copy) {
    data = copy;
    mirror = null;
    generation++;
    account();
  }

  public ShardCounts counts() {
    lock.lock();
    try {
      return data.counts();
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  boolean isStopped() {
    return closed;
  }

  /** Refuses everything from now on. */
  public void stop() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
