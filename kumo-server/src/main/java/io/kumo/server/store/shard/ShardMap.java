package io.kumo.server.store.shard;

import java.util.List;

/** Which shard a hash belongs to, and which hashes the pages of its index cover. Immutable. */
final class ShardMap {
  private static final int ENTRIES = 1 << OffHeapIndex.TAG_BITS;

  private final List<Shard> shards;
  private final int shardBits;

  ShardMap(List<Shard> shards) {
    this.shards = shards;
    shardBits = Integer.numberOfTrailingZeros(shards.size());
  }

  Shard shardOf(long hash) {
    return shards.get(shardBits == 0 ? 0 : (int) (hash >>> (Long.SIZE - shardBits)));
  }

  /** Whether nothing comes after this entry of the walk over an index. */
  boolean isEnd(Shard shard, int nextEntry) {
    return nextEntry == ENTRIES && shard.number() == shards.size() - 1;
  }

  /** The lowest hash of an entry of the walk; of the one after the last, that of the next shard. */
  long firstHash(Shard shard, int entry) {
    if (entry == ENTRIES) {
      return shardBits == 0 ? 0 : (long) (shard.number() + 1) << (Long.SIZE - shardBits);
    }
    long inShard = (long) entry << (Long.SIZE - OffHeapIndex.TAG_BITS) >>> shardBits;
    return shardBits == 0 ? inShard : (long) shard.number() << (Long.SIZE - shardBits) | inShard;
  }
}
