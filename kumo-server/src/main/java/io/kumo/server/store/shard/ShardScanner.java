package io.kumo.server.store.shard;

import io.kumo.server.store.Cursor;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.RecordFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
public final class ShardScanner {
  private static final int GROUP_RECORDS = 64;
  private static final int GROUP_BYTES = 64 << 10;

  private final ShardMap map;

  public ShardScanner(List<Shard> shards) {
    map = new ShardMap(shards);
  }

  /** One that adds up the records of the same shards. */
  public ShardDigester digester() {
    return new ShardDigester(map, this);
  }

  public Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor) {
    Batch batch = new Batch(limits, visitor);
    Cursor cursor = from;
    while (!cursor.isDone() && !batch.isFull()) {
      Shard shard = map.shardOf(cursor.fromHash());
      try {
        cursor = scanPage(shard, cursor, batch);
      } catch (InternalError e) {
        throw shard.unreadable(e);
      }
    }
    return cursor;
  }

  private Cursor scanPage(Shard shard, Cursor cursor, Batch batch) {
    ScanPage page = note(shard, cursor);
    Cursor stopped = show(shard, page, cursor, batch);
    if (stopped != null) {
      return stopped;
    }
    return page.isLast() ? cursor.exhausted() : cursor.from(page.nextHash());
  }

  private ScanPage note(Shard shard, Cursor cursor) {
    ScanPage page;
    int next;
    shard.lock().lock();
    try {
      ShardData data = shard.openData();
      int entry = data.index().firstEntry(cursor.fromHash());
      next = data.index().nextEntry(entry);
      page = new ScanPage(shard, data.index().slotsAt(entry));
      page.readHashes(cursor);
    } finally {
      shard.lock().unlock();
    }
    long nextHash = map.firstHash(shard, next);
    boolean last = map.isEnd(shard, next) || Long.compareUnsigned(nextHash, cursor.toHash()) > 0;
    page.sort();
    page.endsAt(nextHash, last);
    return page;
  }

  /** Shows a page; returns where to go on when that is not the next page. */
  private static @Nullable Cursor show(Shard shard, ScanPage page, Cursor from, Batch batch) {
    Cursor cursor = from;
    int at = 0;
    while (at < page.size()) {
      Group group = new Group();
      try {
        int next = group.read(shard, page, at, cursor, batch);
        if (next < 0) {
          return cursor;
        }
        at = next;
        Cursor stopped = group.show(shard, page, cursor, batch);
        if (stopped != null) {
          return stopped;
        }
        cursor = group.lastKey == null ? cursor : cursor.after(group.lastKey);
        if (batch.isFull() && at < page.size()) {
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
    final long[] largeRecids = new long[GROUP_RECORDS];
    int count;
    int damaged;
    long looked;
    byte @Nullable [] lastKey;

    /** Returns the place after the last one read, -1 when the page has lost its meaning. */
    int read(Shard shard, ScanPage page, int from, Cursor cursor, Batch batch) {
      int at = from;
      shard.lock().lock();
      try {
        if (shard.generation() != page.generation()) {
          return -1;
        }
        shard.checkOpen();
        while (at < page.size()
            && count < GROUP_RECORDS
            && looked < GROUP_BYTES
            && batch.records + count < batch.limits.maxRecords()
            && (count == 0 || batch.bytes + looked < batch.limits.maxBytes())) {
          copy(shard, page.hash(at), page.recid(at), cursor, batch.limits);
          at++;
        }
      } finally {
        shard.lock().unlock();
      }
      return at;
    }

    private void copy(Shard shard, long hash, long recid, Cursor cursor, ScanLimits limits) {
      RecordFile file = shard.data().file();
      int mark = bytes.writerIndex();
      try {
        file.open(recid);
        if (file.hash() != hash || file.kind() > RecordFormat.HEAD) {
          return;
        }
        if (!file.isSound()) {
          shard.foundDamaged(recid);
          damaged++;
          return;
        }
        if (hash == cursor.fromHash() && !cursor.admits(file.key())) {
          return;
        }
        keyLengths[count] = file.keyLength();
        valueLengths[count] = file.valueLength();
        shownLengths[count] = Math.min(limits.maxValueBytes(), valueLengths[count]);
        largeRecids[count] = file.kind() == RecordFormat.HEAD ? recid : 0;
        file.readKey(bytes);
        file.readValue(recid, bytes, shownLengths[count]);
        looked += lookedAt(count, limits);
        count++;
      } catch (StoreException e) {
        bytes.writerIndex(mark);
      }
    }

    private long lookedAt(int i, ScanLimits limits) {
      return (long) keyLengths[i] + (limits.checksWhole() ? valueLengths[i] : shownLengths[i]);
    }

    @Nullable Cursor show(Shard shard, ScanPage page, Cursor cursor, Batch batch) {
      for (int i = 0; i < damaged; i++) {
        batch.visitor.damaged();
      }
      int at = 0;
      for (int i = 0; i < count; i++) {
        ByteBuf key = bytes.slice(at, keyLengths[i]);
        ByteBuf value = bytes.slice(at + keyLengths[i], shownLengths[i]);
        at += keyLengths[i] + shownLengths[i];
        batch.records++;
        batch.bytes += lookedAt(i, batch.limits);
        boolean goOn = true;
        if (batch.limits.checksWhole()
            && largeRecids[i] != 0
            && !LargeValueCheck.isSound(shard, page, largeRecids[i])) {
          batch.visitor.damaged();
        } else {
          goOn = batch.visitor.visit(key, value, valueLengths[i]);
        }
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
