package io.kumo.server.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the shards in the order of raw keys. One page of the index at a time is noted under
 * the lock (hash and recid), sorted, and then read in small groups, each copied under the lock and
 * shown without it: memory and the time that writers wait stay bounded.
 *
 * <p>A recid stays with its key until the key is removed; one that went to another key meanwhile
 * shows by its hash. When a shard is rewritten, recids lose their meaning (its generation grows)
 * and the page is noted anew.
 */
final class ShardScanner {
  private static final int GROUP_RECORDS = 64;
  private static final int GROUP_BYTES = 64 << 10;

  private record Place(long hash, long recid) {
    static final Comparator<Place> ORDER = (a, b) -> Long.compareUnsigned(a.hash, b.hash);
  }

  private static final class Keyed {
    final byte[] key;
    final Place place;

    Keyed(byte[] key, Place place) {
      this.key = key;
      this.place = place;
    }
  }

  private record Page(List<Place> places, int generation, long nextHash, boolean last) {}

  private final List<Shard> shards;
  private final int shardBits;

  ShardScanner(List<Shard> shards) {
    this.shards = shards;
    shardBits = Integer.numberOfTrailingZeros(shards.size());
  }

  private int shardOf(long hash) {
    return shardBits == 0 ? 0 : (int) (hash >>> (64 - shardBits));
  }

  Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor) {
    Batch batch = new Batch(limits, visitor);
    Cursor cursor = from;
    while (!cursor.isDone() && !batch.isFull()) {
      Shard shard = shards.get(shardOf(cursor.fromHash()));
      Page page = note(shard, cursor);
      Cursor stopped = show(shard, page, cursor, batch);
      if (stopped != null) {
        cursor = stopped;
      } else {
        cursor = page.last() ? cursor.exhausted() : cursor.from(page.nextHash());
      }
    }
    return cursor;
  }

  private Page note(Shard shard, Cursor cursor) {
    Place[] places;
    int generation;
    int next;
    int found = 0;
    shard.lock().lock();
    try {
      ShardData data = shard.openData();
      generation = shard.generation();
      int entry = data.index().firstEntry(cursor.fromHash());
      next = data.index().nextEntry(entry);
      long[] recids = data.index().recidsAt(entry);
      places = new Place[recids.length];
      for (long recid : recids) {
        long hash = hashOf(data.file(), recid);
        if (Long.compareUnsigned(hash, cursor.fromHash()) >= 0
            && Long.compareUnsigned(hash, cursor.toHash()) <= 0) {
          places[found++] = new Place(hash, recid);
        }
      }
    } finally {
      shard.lock().unlock();
    }
    places = Arrays.copyOf(places, found);
    Arrays.sort(places, Place.ORDER);
    orderEqualHashes(shard, places);
    boolean endOfShard = next == 1 << OffHeapIndex.TAG_BITS;
    long nextHash = nextHash(shard.number(), next, endOfShard);
    boolean last =
        (endOfShard && shard.number() == shards.size() - 1)
            || Long.compareUnsigned(nextHash, cursor.toHash()) > 0;
    return new Page(Arrays.asList(places), generation, nextHash, last);
  }

  private long nextHash(int shard, int nextEntry, boolean endOfShard) {
    if (endOfShard) {
      return (long) (shard + 1) << (64 - shardBits);
    }
    long inShard = (long) nextEntry << (64 - OffHeapIndex.TAG_BITS) >>> shardBits;
    return shardBits == 0 ? inShard : (long) shard << (64 - shardBits) | inShard;
  }

  private static long hashOf(RecordFile file, long recid) {
    try {
      file.open(recid);
      return file.hash();
    } catch (StoreException e) {
      return 0;
    }
  }

  /** Sorts neighbours of one hash by their keys. */
  private static void orderEqualHashes(Shard shard, Place[] places) {
    for (int from = 0; from < places.length; ) {
      int to = from + 1;
      while (to < places.length && places[to].hash() == places[from].hash()) {
        to++;
      }
      if (to - from > 1) {
        sortByKey(shard, places, from, to);
      }
      from = to;
    }
  }

  private static void sortByKey(Shard shard, Place[] places, int from, int to) {
    Keyed[] keyed = new Keyed[to - from];
    shard.lock().lock();
    try {
      RecordFile file = shard.openData().file();
      for (int i = 0; i < keyed.length; i++) {
        Place place = places[from + i];
        boolean same = hashOf(file, place.recid()) == place.hash();
        keyed[i] = new Keyed(same ? file.key() : new byte[0], place);
      }
    } finally {
      shard.lock().unlock();
    }
    Arrays.sort(keyed, (a, b) -> Arrays.compareUnsigned(a.key, b.key));
    for (int i = 0; i < keyed.length; i++) {
      places[from + i] = keyed[i].place;
    }
  }

  /** Shows a page; returns where to go on when that is not the next page. */
  private static @Nullable Cursor show(Shard shard, Page page, Cursor from, Batch batch) {
    Cursor cursor = from;
    int at = 0;
    while (at < page.places().size()) {
      Group group = new Group();
      try {
        int next = group.read(shard, page, at, cursor, batch);
        if (next < 0) {
          return cursor;
        }
        at = next;
        Cursor stopped = group.show(cursor, batch);
        if (stopped != null) {
          return stopped;
        }
        cursor = group.lastKey == null ? cursor : cursor.after(group.lastKey);
        if (batch.isFull() && at < page.places().size()) {
          return cursor;
        }
      } finally {
        group.bytes.release();
      }
    }
    return null;
  }

  /** What one call of scan may still show. */
  private static final class Batch {
    final ScanLimits limits;
    final RecordVisitor visitor;
    int records;
    long bytes;
    boolean stopped;

    Batch(ScanLimits limits, RecordVisitor visitor) {
      this.limits = limits;
      this.visitor = visitor;
    }

    boolean isFull() {
      return stopped || records >= limits.maxRecords() || bytes >= limits.maxBytes();
    }
  }

  /** Records that were copied under one hold of the lock. */
  private static final class Group {
    final ByteBuf bytes = ByteBufAllocator.DEFAULT.heapBuffer(1 << 13);
    final int[] keyLengths = new int[GROUP_RECORDS];
    final int[] shownLengths = new int[GROUP_RECORDS];
    final int[] valueLengths = new int[GROUP_RECORDS];
    int count;
    byte @Nullable [] lastKey;

    /** Returns the place after the last one read, -1 when the page has lost its meaning. */
    int read(Shard shard, Page page, int from, Cursor cursor, Batch batch) {
      int at = from;
      shard.lock().lock();
      try {
        if (shard.generation() != page.generation()) {
          return -1;
        }
        RecordFile file = shard.openData().file();
        while (at < page.places().size()
            && count < GROUP_RECORDS
            && bytes.readableBytes() < GROUP_BYTES
            && batch.records + count < batch.limits.maxRecords()
            && (count == 0 || batch.bytes + bytes.readableBytes() < batch.limits.maxBytes())) {
          copy(file, page.places().get(at), cursor, batch.limits.maxValueBytes());
          at++;
        }
      } finally {
        shard.lock().unlock();
      }
      return at;
    }

    private void copy(RecordFile file, Place place, Cursor cursor, int maxValueBytes) {
      int mark = bytes.writerIndex();
      try {
        file.open(place.recid());
        if (!file.isSound() || file.hash() != place.hash() || file.kind() > RecordFormat.HEAD) {
          return;
        }
        if (place.hash() == cursor.fromHash() && !cursor.admits(file.key())) {
          return;
        }
        keyLengths[count] = file.keyLength();
        valueLengths[count] = file.valueLength();
        shownLengths[count] = Math.min(maxValueBytes, valueLengths[count]);
        file.readKey(bytes);
        file.readValue(place.recid(), bytes, shownLengths[count]);
        count++;
      } catch (StoreException e) {
        bytes.writerIndex(mark);
      }
    }

    @Nullable Cursor show(Cursor cursor, Batch batch) {
      int at = 0;
      for (int i = 0; i < count; i++) {
        ByteBuf key = bytes.slice(at, keyLengths[i]);
        ByteBuf value = bytes.slice(at + keyLengths[i], shownLengths[i]);
        at += keyLengths[i] + shownLengths[i];
        batch.records++;
        batch.bytes += keyLengths[i] + shownLengths[i];
        boolean goOn = batch.visitor.visit(key, value, valueLengths[i]);
        if (!goOn || i == count - 1) {
          lastKey = new byte[keyLengths[i]];
          bytes.getBytes(at - keyLengths[i] - shownLengths[i], lastKey);
        }
        if (!goOn) {
          batch.stopped = true;
          return cursor.after(lastKey);
        }
      }
      return null;
    }
  }
}
