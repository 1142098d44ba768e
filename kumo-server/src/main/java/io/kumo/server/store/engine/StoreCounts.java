package io.kumo.server.store.engine;

import io.kumo.server.store.StoreStatistics;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.log.DiskGuard;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.shard.ShardData;

/** What a store has in it, and what it takes up. Any thread; locks one shard at a time. */
final class StoreCounts {
  private final OpenStore open;

  StoreCounts(OpenStore open) {
    this.open = open;
  }

  long live() {
    return open.shards.stream().mapToLong(shard -> shard.counts().live()).sum();
  }

  long tombstones() {
    return open.shards.stream().mapToLong(shard -> shard.counts().tombstones()).sum();
  }

  long largestClockTime() {
    return open.shards.stream()
        .map(shard -> shard.counts().largestClockTime())
        .max(Long::compareUnsigned)
        .orElse(0L);
  }

  StoreStatistics statistics() {
    ShardCounts sum = ShardCounts.NONE;
    long fileBytes = 0;
    long freeBytes = 0;
    long checkpoints = 0;
    for (Checkpointer.Unit unit : open.units) {
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
        open.log.lengthBytes(),
        open.dirtyMemoryBytes.get(),
        open.log.syncCount(),
        checkpoints,
        open.damage.count(),
        DiskGuard.spareBytes(open.disk, open.options.minFreeBytes()),
        open.memory.taken());
  }
}
