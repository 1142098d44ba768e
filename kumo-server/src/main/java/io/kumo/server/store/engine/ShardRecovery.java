package io.kumo.server.store.engine;

import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.checkpoint.Journal;
import io.kumo.server.store.checkpoint.ShardCheckpoint;
import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.mapdb.KeyFingerprint;
import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.RecordFormat;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.mapdb.ShardMeta;
import io.kumo.server.store.shard.IndexFile;
import io.kumo.server.store.shard.OffHeapIndex;
import io.kumo.server.store.shard.ShardData;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes and recovers the data files of shards, before the log is there: applies a journal that is
 * complete, and loads the index or builds it from the records.
 */
final class ShardRecovery {
  private final Disk disk;
  private final StoreHeader header;
  private final StoreOptions options;
  private final DirectMemory memory;
  private int journalsApplied;
  private int indexesScanned;
  private long damagedRecords;

  ShardRecovery(Disk disk, StoreHeader header, StoreOptions options, DirectMemory memory) {
    this.disk = disk;
    this.header = header;
    this.options = options;
    this.memory = memory;
  }

  static String recordsName(int shard) {
    return "records." + shard;
  }

  static String journalName(int shard) {
    return "journal." + shard;
  }

  /** Makes the data files of a new store, each checkpointed once. */
  static void make(Disk disk, StoreHeader header, StoreOptions options) throws IOException {
    for (String name : disk.list()) {
      if (name.matches("(records|journal|index|log|log-spare)\\.[0-9]+.*")) {
        disk.delete(name);
      }
    }
    ReentrantLock lock = new ReentrantLock();
    DirectMemory memory = new DirectMemory(options.directMemoryBytes());
    for (int i = 0; i < header.shards(); i++) {
      DiskFile file = disk.open(recordsName(i));
      CheckpointVolume volume = new CheckpointVolume(file, options.sliceBytes());
      RecordFile records = new RecordFile(recordsName(i), volume, false);
      ShardMeta meta = new ShardMeta(i, 0, 0, ShardCounts.NONE);
      ShardData data =
          new ShardData(
              records,
              new OffHeapIndex(header.shardBits(), memory),
              new KeyFingerprint(0),
              ShardCounts.NONE);
      Journal journal = new Journal(disk.open(journalName(i)));
      new ShardCheckpoint(i, file, journal, meta).run(lock, () -> data, () -> 0, position -> {});
      records.close();
      file.close();
      journal.close();
    }
    disk.syncNames();
  }

  Recovery.Recovered recover(int number) throws IOException {
    String name = recordsName(number);
    if (!disk.exists(name)) {
      throw new StoreException(
          StoreException.Code.CORRUPT,
          "%s of the store in %s is missing; restore it or empty the server"
              .formatted(name, disk.describe()));
    }
    DiskFile file = disk.open(name);
    Journal journal = new Journal(disk.open(journalName(number)));
    if (journal.apply(file, FaultPoint.RECOVERY_JOURNAL)) {
      journalsApplied++;
    }
    CheckpointVolume volume = new CheckpointVolume(file, options.sliceBytes());
    RecordFile records = new RecordFile(name, volume, true);
    ShardMeta meta = records.meta();
    if (meta.shard() != number) {
      throw new StoreException(
          StoreException.Code.FOREIGN, name + " holds the records of shard " + meta.shard());
    }
    ShardData data = index(records, meta);
    return new Recovery.Recovered(number, data, new ShardCheckpoint(number, file, journal, meta));
  }

  private ShardData index(RecordFile records, ShardMeta meta) throws IOException {
    ShardCounts counts = meta.counts();
    IndexFile.Loaded loaded =
        IndexFile.load(
            disk,
            meta.shard(),
            header.shardBits(),
            meta.checkpointId(),
            counts.live() + counts.tombstones(),
            memory);
    if (loaded != null) {
      return new ShardData(records, loaded.index(), loaded.fingerprint(), counts);
    }
    indexesScanned++;
    ShardCounts none = new ShardCounts(0, 0, 0, 0, counts.largestClockTime());
    ShardData data =
        new ShardData(
            records,
            new OffHeapIndex(header.shardBits(), memory),
            new KeyFingerprint(ThreadLocalRandom.current().nextLong()),
            none);
    records.freeBytes(); // Walks the free lists once, while nobody waits.
    records.places().forEachRecid(recid -> adopt(data, records, recid));
    ShardCounts found = data.counts();
    long missing = counts.live() + counts.tombstones() - found.live() - found.tombstones();
    damagedRecords += Math.max(data.uncounted(), missing);
    return data;
  }

  private static void adopt(ShardData data, RecordFile records, long recid) {
    try {
      records.open(recid);
    } catch (StoreException e) {
      return; // It is missing in the counts, which the caller compares.
    }
    byte kind = records.kind();
    if ((kind == RecordFormat.INLINE || kind == RecordFormat.HEAD) && records.hasReadableKey()) {
      data.adopt(recid);
    }
  }

  int journalsApplied() {
    return journalsApplied;
  }

  int indexesScanned() {
    return indexesScanned;
  }

  /** Records that are lost, as far as the counts of the last checkpoint tell. */
  long damagedRecords() {
    return damagedRecords;
  }
}
