package io.kumo.server.store.engine;

import io.kumo.server.store.StoreStatistics;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.log.DiskGuard;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.shard.ShardData;

/** What a store has in it, and what it takes up. Any thread; locks one shard at a time. */
final class StoreCounts {
  private final StoreParts parts;

  StoreCounts(StoreParts parts) {
    this.parts = parts;
  }

  long live() {
    return parts.shards.stream().mapToLong(shard -> shard.counts().live()).sum();
  }

  long tombstones() {
    return parts.shards.stream().mapToLong(shard -> shard.counts().tombstones()).sum();
  }

  long largestClockTime() {
    return parts.shards.stream()
        .map(shard -> shard.counts().largestClockTime())
        .max(Long::compareUnsigned)
        .orElse(0L);
  }

  StoreStatistics statistics() {
    ShardCounts sum = ShardCounts.NONE;
    long fileBytes = 0;
    long freeBytes = 0;
    long checkpoints = 0;
    for (Checkpointer.Unit unit : parts.units) {
      unit.shard().lock().lock();
      try {
        ShardData data = unit.shard().openData();
        sum = sum.plus(data.counts());
        fileBytes += data.file().usedBytes();
        freeBytes += data.file().freeBytes();
      } finally {
        unit.shard().lock().unlock();
      }
      checkpoints += unit.checkpoint().count();
    }
    return new StoreStatistics(
        sum.live(),
        sum.tombstones(),
        sum.liveBytes(),
        sum.tombstoneBytes(),
        fileBytes,
        freeBytes,
        parts.log.lengthBytes(),
        parts.dirtyMemoryBytes.get(),
        parts.log.syncCount(),
        checkpoints,
        parts.damage.count(),
        DiskGuard.spareBytes(parts.disk, parts.options.minFreeBytes()));
  }
}
