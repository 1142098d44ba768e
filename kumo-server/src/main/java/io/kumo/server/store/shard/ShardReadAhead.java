package io.kumo.server.store.shard;

import io.kumo.server.store.RawRecords;
import io.kumo.server.store.ReadAhead;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;

/**
 * Reads ahead in three steps - index slot, place of the record, record - each for all keys before
 * the next: within a step no read depends on another, so the processor has many under way.
 *
 * <p>Confined to one thread. It takes the locks of all shards that it needs, but only those that
 * are free: it waits for none while it holds another.
 */
public final class ShardReadAhead implements ReadAhead {
  /** Keys at a time: their records fit into a processor's second cache. */
  static final int MAX_KEYS = 1024;

  private static final int OTHER_SHARD = -1;

  private final List<Shard> shards;
  private final int shardShift;
  private final boolean[] wanted;
  private final boolean[] locked;
  private final int[] shardOf = new int[MAX_KEYS];
  private final long[] hashes = new long[MAX_KEYS];
  private final long[] fingerprints = new long[MAX_KEYS];
  private final long[] places = new long[MAX_KEYS];
  private int count;

  /** Something that depends on all that was read, lest a compiler leave the reads out. */
  long trace;

  /** The lengths of all records fetched so far. */
  long fetchedBytes;

  public ShardReadAhead(List<Shard> shards, int shardShift) {
    this.shards = shards;
    this.shardShift = shardShift;
    this.wanted = new boolean[shards.size()];
    this.locked = new boolean[shards.size()];
  }

  /** Looks at a shard without its lock: with a fingerprint of old, nothing would be found. */
  @Override
  public void add(ByteBuf rawKey) {
    if (count == MAX_KEYS || rawKey.readableBytes() < Long.BYTES) {
      return;
    }
    long hash = RawRecords.head(rawKey);
    int shard = shardShift == Long.SIZE ? 0 : (int) (hash >>> shardShift);
    shardOf[count] = shard;
    wanted[shard] = true;
    hashes[count] = hash;
    fingerprints[count] = shards.get(shard).data().fingerprint().of(rawKey);
    count++;
  }

  @Override
  public void fetch() {
    if (count > 1) {
      lock();
      try {
        readSlots();
        readPlaces();
        readRecords();
      } finally {
        unlock();
      }
    }
    count = 0;
    Arrays.fill(wanted, false);
  }

  private void lock() {
    for (int i = 0; i < wanted.length; i++) {
      locked[i] = wanted[i] && shards.get(i).lock().tryLock();
    }
  }

  private void unlock() {
    for (int i = 0; i < locked.length; i++) {
      if (locked[i]) {
        locked[i] = false;
        shards.get(i).lock().unlock();
      }
    }
  }

  private void readSlots() {
    long seen = 0;
    for (int i = 0; i < count; i++) {
      int shard = shardOf[i];
      if (!locked[shard] || shards.get(shard).isStopped()) {
        shardOf[i] = OTHER_SHARD;
        continue;
      }
      seen += shards.get(shard).data().index().peek(hashes[i], fingerprints[i]);
    }
    trace += seen;
  }

  private void readPlaces() {
    for (int i = 0; i < count; i++) {
      if (shardOf[i] != OTHER_SHARD) {
        ShardData data = shards.get(shardOf[i]).data();
        long recid = data.index().candidate(hashes[i], fingerprints[i]);
        places[i] = recid == 0 ? 0 : data.file().places().place(recid);
      }
    }
  }

  private void readRecords() {
    long seen = 0;
    for (int i = 0; i < count; i++) {
      if (shardOf[i] != OTHER_SHARD && places[i] != 0) {
        seen += shards.get(shardOf[i]).data().file().places().touch(places[i]);
        fetchedBytes += places[i] >>> 48;
      }
    }
    trace += seen;
  }
}
