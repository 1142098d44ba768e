package io.kumo.server.store.shard;

import io.kumo.core.item.RecordDigest;
import io.kumo.core.ring.RangeDigest;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.DigestSum;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;

/**
 * Adds up the records of a range by the pages of the index. A page that lies in the range as a
 * whole and knows its digest costs a look; of the others the records are read, under one hold of
 * the shard's lock, and a whole one keeps what came of it: from then on every write of the page
 * brings it up to date.
 *
 * <p>So nothing has to be kept on disk, and what recovery, damage or a split left unknown costs one
 * reading when somebody asks.
 */
public final class ShardDigester {
  /** A page with more records, whose keys somebody chose to have equal hashes, is scanned. */
  private static final int MAX_PAGE_RECORDS = 4096;

  /** What a look at a page costs, in records read. */
  private static final int PAGE_COST = 4;

  private final ShardMap map;
  private final ShardScanner scanner;

  ShardDigester(ShardMap map, ShardScanner scanner) {
    this.map = map;
    this.scanner = scanner;
  }

  /** As {@link Store#digest}. */
  public Cursor digest(Cursor from, int maxRecords, DigestSum into) {
    Cursor cursor = from;
    int left = maxRecords;
    while (!cursor.isDone() && left > 0) {
      Page page = new Page(cursor);
      left -= PAGE_COST + (page.add(into) ? page.read : page.scan(left, into));
      cursor = page.rest;
    }
    return cursor;
  }

  /** The page of the index at which a cursor stands, as far as the range reaches. */
  private final class Page {
    private final Cursor cursor;
    private final Shard shard;
    private Cursor rest;

    /** The last hash of page and range. */
    private long toHash;

    /** Records that had to be read. */
    private int read;

    Page(Cursor cursor) {
      this.cursor = cursor;
      this.rest = cursor;
      this.shard = map.shardOf(cursor.fromHash());
    }

    /** Returns false for a page that is to be scanned. */
    boolean add(DigestSum into) {
      shard.lock().lock();
      try {
        OffHeapIndex index = shard.openData().index();
        int entry = index.firstEntry(cursor.fromHash());
        int next = index.nextEntry(entry);
        long pageEnd = map.firstHash(shard, next) - 1;
        boolean ends = Long.compareUnsigned(cursor.toHash(), pageEnd) <= 0;
        toHash = ends ? cursor.toHash() : pageEnd;
        rest = ends ? cursor.exhausted() : cursor.from(pageEnd + 1);
        boolean begins = cursor.fromHash() == map.firstHash(shard, index.pageStart(entry));
        boolean whole = begins && cursor.isInclusive() && toHash == pageEnd;
        return add(index.page(entry), whole, index.slotsAt(entry), into);
      } finally {
        shard.lock().unlock();
      }
    }

    private boolean add(IndexPage page, boolean whole, long[] slots, DigestSum into) {
      RangeDigest known = whole ? page.digest() : null;
      if (known == null) {
        if (!cursor.isInclusive() || page.count > MAX_PAGE_RECORDS) {
          return false;
        }
        read = page.count;
        RecordDigester records = new RecordDigester(shard.data().file(), shard::foundDamaged);
        known = records.digest(slots, cursor.fromHash(), toHash);
        if (whole) {
          page.setDigest(known);
        }
      }
      into.add(known);
      return true;
    }

    /** Reads records in small groups and returns how many. */
    int scan(int max, DigestSum into) {
      int[] seen = {0};
      Cursor part = Cursor.range(cursor.fromHash(), toHash);
      Cursor stopped =
          scanner.scan(
              cursor.isInclusive() ? part : part.after(cursor.key()),
              ScanLimits.headers(max, Store.TOMBSTONE_BYTES),
              (rawKey, rawValue, valueLength) -> {
                into.add(RecordDigest.of(rawKey, RawRecords.head(rawValue)));
                seen[0]++;
                return true;
              });
      if (!stopped.isDone()) {
        rest =
            stopped.isInclusive() ? cursor.from(stopped.fromHash()) : cursor.after(stopped.key());
      }
      return seen[0];
    }
  }
}
