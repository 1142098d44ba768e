package io.kumo.server.store.shard;

import io.kumo.server.store.Modification;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.snapshot.KeptRecords;
import io.netty.buffer.ByteBuf;
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
  private final ReentrantLock lock = new ReentrantLock();
  private final ShardCopies copies;
  private final ShardWriter writer;
  private final ShardFaults faults;
  private boolean closed;

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
    this.number = number;
    this.log = log;
    this.gate = gate;
    copies = new ShardCopies(data, dirtyMemoryBytes);
    writer = new ShardWriter(number, copies, log, gate, damage);
    faults = new ShardFaults(copies, damage);
  }

  /** Whom to call when a data file is to be extended; must return at once. */
  public void onGrowth(Runnable wakeRoomMaker) {
    copies.onGrowth(wakeRoomMaker);
  }

  /** The files that may have to grow. */
  public List<CheckpointVolume> volumes() {
    lock.lock();
    try {
      return copies.volumes();
    } finally {
      lock.unlock();
    }
  }

  public @Nullable ByteBuf get(ByteBuf rawKey) {
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      return recid == 0 ? null : data().value(recid);
    } catch (StoreException e) {
      throw faults.noted(e, rawKey);
    } catch (InternalError e) {
      throw faults.unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  public int read(ByteBuf rawKey, ByteBuf out) {
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      return recid == 0 ? Store.NO_RECORD : data().appendValue(recid, out);
    } catch (StoreException e) {
      throw faults.noted(e, rawKey);
    } catch (InternalError e) {
      throw faults.unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  public long clockTime(ByteBuf rawKey) {
    lock.lock();
    try {
      return locateSound(rawKey) == 0 ? 0 : data().clockTime();
    } catch (StoreException e) {
      throw faults.noted(e, rawKey);
    } catch (InternalError e) {
      throw faults.unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  private long locateSound(ByteBuf rawKey) {
    ShardData data = openData();
    long recid = data.locate(rawKey);
    if (recid != 0 && data.isDamaged()) {
      throw data.file().corrupt(recid, null);
    }
    return recid;
  }

  StoreException unreadable(InternalError e) {
    return faults.unreadable(e);
  }

  /** A scan met this damaged record, which is open; under the lock. */
  void foundDamaged(long recid) {
    faults.found(recid);
  }

  /** As {@link Store#update}; a damaged record counts as none, so that a replica can repair it. */
  public WriteResult update(
      ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    gate.admit(rawKey, rawValue);
    lock.lock();
    try {
      checkOpen();
      return writer.update(rawKey, rawValue, gatewayIncarnation, sequence);
    } catch (InternalError e) {
      throw faults.unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  public WriteResult modify(
      ByteBuf rawKey, Modification modification, long gatewayIncarnation, long sequence) {
    gate.admit(rawKey, null);
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      return writer.modify(recid, rawKey, modification, gatewayIncarnation, sequence);
    } catch (StoreException e) {
      throw faults.noted(e, rawKey);
    } catch (InternalError e) {
      throw faults.unreadable(e);
    } finally {
      lock.unlock();
    }
  }

  public boolean removeIf(ByteBuf rawKey, long clockTime) {
    log.reserve(rawKey.readableBytes());
    lock.lock();
    try {
      long recid = locateSound(rawKey);
      if (recid == 0 || data().clockTime() != clockTime) {
        return false;
      }
      writer.remove(recid, rawKey);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the others how much memory the changes of this shard hold; under the lock. */
  public void account() {
    copies.account();
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
    return copies.data();
  }

  /** As {@link #data}, but throws once the shard is stopped. */
  public ShardData openData() {
    checkOpen();
    return data();
  }

  /** Grows when recids lose their meaning; under the lock. */
  int generation() {
    return copies.generation();
  }

  /** Makes every further change twice; null to stop. Under the lock. */
  public void setMirror(@Nullable ShardData copy) {
    copies.setMirror(copy);
  }

  /** Has records kept from now on that a snapshot wants; null for none. */
  public void keepFor(@Nullable KeptRecords snapshot) {
    lock.lock();
    try {
      writer.keepFor(snapshot);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a whole copy in the place of the data. Under the lock. */
  public void replaceData(ShardData copy) {
    copies.replaceData(copy);
  }

  public ShardCounts counts() {
    lock.lock();
    try {
      return data().counts();
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
