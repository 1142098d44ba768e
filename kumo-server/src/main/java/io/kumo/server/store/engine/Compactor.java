package io.kumo.server.store.engine;

import io.kumo.core.log.LogId;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.checkpoint.DirectFlush;
import io.kumo.server.store.checkpoint.ShardCheckpoint;
import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.mapdb.FrozenUnits;
import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.mapdb.ShardMeta;
import io.kumo.server.store.shard.OffHeapIndex;
import io.kumo.server.store.shard.RecordCopier;
import io.kumo.server.store.shard.Shard;
import io.kumo.server.store.shard.ShardData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites the data file of a shard while reads and writes go on, to give its free space back.
 *
 * <p>From the start every change is made twice, in the file and in the copy. Meanwhile all records
 * are copied, in small portions and in the order of the index, unless the copy has the key already.
 * The copy is written to its file as it grows, without a journal, as nobody relies on it. At the
 * end the copy is made durable as of a log mark, and takes the name; what came after the mark is in
 * the log.
 *
 * <p>A stop before the rename leaves the old file, whose journal has been emptied (it was applied)
 * and whose mark the log still covers; a stop after it leaves the new one. Either is whole.
 */
final class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
  private static final String COPY = ".new";
  private static final int PORTION_RECORDS = 64;
  private static final long FLUSH_BYTES = 16 << 20;
  private static final long GROWTH_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Disk disk;
  private final StoreOptions options;
  private final RedoLog log;
  private final DirectMemory memory;
  private final int shardBits;
  private final Runnable grow;
  private final DirectFlush flush = new DirectFlush();

  /**
   * @param grow has the copy extended soon; returns at once
   */
  Compactor(OpenStore open, Runnable grow) {
    this.grow = grow;
    disk = open.disk;
    options = open.options;
    log = open.log;
    memory = open.memory;
    shardBits = open.header.shardBits();
  }

  /** Rewrites one shard; blocks. */
  void compact(Checkpointer.Unit unit) throws IOException {
    Shard shard = unit.shard();
    String copyName = ShardRecovery.recordsName(shard.number()) + COPY;
    disk.delete(copyName);
    DiskFile file = disk.open(copyName);
    CheckpointVolume volume = new CheckpointVolume(file, options.sliceBytes());
    ShardData copy = emptyCopy(shard, volume);
    boolean done = false;
    try {
      mirror(shard, copy);
      copyRecords(shard, copy, file);
      swap(unit, copy, file, copyName);
      done = true;
    } finally {
      if (!done) {
        mirror(shard, null);
        copy.abandon();
        file.close();
        disk.delete(copyName);
      }
    }
  }

  /** With the seed of the original, so that what has no readable key keeps its slot. */
  private ShardData emptyCopy(Shard shard, CheckpointVolume volume) {
    RecordFile records = new RecordFile(ShardRecovery.recordsName(shard.number()), volume, false);
    shard.lock().lock();
    try {
      return new ShardData(
          records,
          new OffHeapIndex(shardBits, memory),
          shard.openData().fingerprint(),
          ShardCounts.NONE);
    } finally {
      shard.lock().unlock();
    }
  }

  private static void mirror(Shard shard, @Nullable ShardData copy) {
    shard.lock().lock();
    try {
      shard.setMirror(copy);
    } finally {
      shard.lock().unlock();
    }
  }

  private void copyRecords(Shard shard, ShardData copy, DiskFile file) throws IOException {
    int entry = 0;
    int damaged = 0;
    while (entry < 1 << OffHeapIndex.TAG_BITS) {
      long[] slots;
      shard.lock().lock();
      try {
        slots = shard.openData().index().slotsAt(entry);
        entry = shard.data().index().nextEntry(entry);
      } finally {
        shard.lock().unlock();
      }
      for (int from = 0; from < slots.length; from += PORTION_RECORDS) {
        damaged += copyPortion(shard, copy, slots, from);
        FaultPoint.COMPACT_COPY.reach();
        if (copy.file().volume().ownBytes() > FLUSH_BYTES) {
          flush(shard, copy, file);
        }
      }
    }
    if (damaged > 0) {
      LOG.error(
          LogId.SHARD_STAYS_DAMAGED,
          "shard {} holds {} damaged records, and will after compact",
          shard.number(),
          damaged);
    }
  }

  /** Returns how many of them are damaged. */
  private int copyPortion(Shard shard, ShardData copy, long[] slots, int from) {
    int damaged = 0;
    int end = Math.min(slots.length, from + PORTION_RECORDS);
    int next = from;
    while (next < end) {
      shard.lock().lock();
      try {
        RecordCopier copier = new RecordCopier(shard.openData(), copy, grow);
        for (; next < end; next++) {
          damaged += copier.copy(slots[next]) ? 1 : 0;
        }
      } catch (StoreException e) {
        if (e.code() != StoreException.Code.BUSY) {
          throw e;
        }
      } finally {
        shard.account();
        shard.lock().unlock();
      }
      if (next < end) {
        LockSupport.parkNanos(this, GROWTH_WAIT_NS);
      }
    }
    return damaged;
  }

  private void flush(Shard shard, ShardData copy, DiskFile file) throws IOException {
    ReentrantLock lock = shard.lock();
    FrozenUnits frozen;
    lock.lock();
    try {
      frozen = copy.file().volume().freeze();
    } finally {
      lock.unlock();
    }
    writeFrozen(shard, copy, file, frozen);
    CheckpointVolume volume = copy.file().volume();
    for (int slice = 0; ; slice++) {
      ByteBuffer former;
      lock.lock();
      try {
        if (slice >= volume.sliceCount()) {
          break;
        }
        former = volume.remap(slice);
        shard.account();
      } finally {
        lock.unlock();
      }
      volume.letGo(former);
    }
  }

  private void writeFrozen(Shard shard, ShardData copy, DiskFile file, FrozenUnits frozen)
      throws IOException {
    boolean written = false;
    try {
      flush.write(frozen, shard.lock(), file);
      written = true;
    } finally {
      shard.lock().lock();
      try {
        copy.file().volume().thaw(written);
      } finally {
        shard.lock().unlock();
      }
    }
  }

  private void swap(Checkpointer.Unit unit, ShardData copy, DiskFile file, String copyName)
      throws IOException {
    Shard shard = unit.shard();
    ShardCheckpoint checkpoint = unit.checkpoint();
    flush(shard, copy, file);
    checkpoint.running().lock();
    try {
      checkpoint.finishPending();
      ShardMeta meta = makeDurable(shard, copy, file);
      checkpoint.journal().clear();
      FaultPoint.COMPACT_COPIED.reach();
      disk.rename(copyName, ShardRecovery.recordsName(shard.number()));
      disk.syncNames();
      FaultPoint.COMPACT_RENAMED.reach();
      ShardData old;
      shard.lock().lock();
      try {
        old = shard.data();
        shard.replaceData(copy);
        copy.file().deferred().enable(memory);
      } finally {
        shard.lock().unlock();
      }
      DiskFile oldFile = checkpoint.file();
      checkpoint.replaceFile(file, meta);
      old.close();
      oldFile.close();
    } finally {
      checkpoint.running().unlock();
    }
  }

  private ShardMeta makeDurable(Shard shard, ShardData copy, DiskFile file) throws IOException {
    ShardMeta meta;
    FrozenUnits frozen;
    long id = ThreadLocalRandom.current().nextLong();
    shard.lock().lock();
    try {
      copy.observe(shard.data().counts().largestClockTime());
      meta = new ShardMeta(shard.number(), id, log.end(), copy.counts());
      copy.file().commit(meta);
      frozen = copy.file().volume().freeze();
    } finally {
      shard.lock().unlock();
    }
    log.sync(meta.mark());
    writeFrozen(shard, copy, file, frozen);
    file.sync();
    return meta;
  }
}
