package io.kumo.server.store.mapdb;

import static io.kumo.server.store.mapdb.RecordFormat.HEADER_BYTES;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.mapdb.DataIO;

/**
 * Where the records of one data file lie, read from the index of recids that MapDB keeps in it.
 * Everything happens under the lock of the shard.
 */
public final class RecordPlaces {
  // Where a MapDB 3.1 StoreDirect file keeps its index of recids.
  private static final long MAX_RECID_OFFSET = 32;
  private static final long FIRST_PAGE_LINK = 32_864;
  private static final long FIRST_RECID_OFFSET = FIRST_PAGE_LINK + 2 * Long.BYTES;
  static final long PAGE_BYTES = 1 << 20;
  private static final long FIRST_PAGE_RECIDS = (PAGE_BYTES - FIRST_RECID_OFFSET) / Long.BYTES;
  private static final long PAGE_RECIDS = PAGE_BYTES / Long.BYTES - 2;
  private static final long PLACE_MASK = 0xffff_ffff_fff0L;

  private static final int CACHE_LINE_BYTES = 64;
  private static final int TOUCHED_BYTES = 1024;

  private final CheckpointVolume volume;
  private long[] recidPages = {FIRST_RECID_OFFSET};

  RecordPlaces(CheckpointVolume volume) {
    this.volume = volume;
  }

  /** Shows every record, sound or not, of which a key can be read; the caller looks at the kind. */
  public void forEachRecid(LongConsumer visitor) {
    long maxRecid = DataIO.parity3Get(volume.getLong(MAX_RECID_OFFSET)) >>> 3;
    long page = 0;
    long offset = FIRST_RECID_OFFSET;
    for (long recid = 1; recid <= maxRecid; recid++) {
      if (offset == page + PAGE_BYTES) {
        page = DataIO.parity16Get(volume.getLong(page == 0 ? FIRST_PAGE_LINK : page + Long.BYTES));
        offset = page + 2 * Long.BYTES;
      }
      long length = volume.getLong(offset) >>> 48;
      offset += Long.BYTES;
      if (recid > RecordFile.META_RECID
          && length >= HEADER_BYTES
          && length <= RecordFormat.MAX_RECORD_BYTES) {
        visitor.accept(recid);
      }
    }
  }

  /**
   * What MapDB's index of recids holds for one: length and place of its record; 0 when there is no
   * such recid.
   */
  public long place(long recid) {
    long number = recid - 1;
    long inPage = number;
    int page = 0;
    if (number >= FIRST_PAGE_RECIDS) {
      inPage = (number - FIRST_PAGE_RECIDS) % PAGE_RECIDS;
      page = 1 + (int) ((number - FIRST_PAGE_RECIDS) / PAGE_RECIDS);
    }
    long start = recidsOfPage(page);
    return start == 0 ? 0 : volume.getLong(start + inPage * Long.BYTES);
  }

  /** Where in the file the record of a recid begins, 0 when there is no such recid. */
  long offset(long recid) {
    return place(recid) & PLACE_MASK;
  }

  /** The hash of the record at a {@link #place}; 0 when that is none. */
  public long hashAt(long place) {
    long hash = (place & PLACE_MASK) + HEADER_BYTES;
    boolean possible =
        place >>> 48 >= HEADER_BYTES + Long.BYTES && hash + Long.BYTES <= volume.length();
    return possible ? volume.getLong(hash) : 0;
  }

  /** Where the recids of an index page begin, 0 when there is no such page. */
  private long recidsOfPage(int page) {
    while (page >= recidPages.length) {
      int last = recidPages.length - 1;
      long link = last == 0 ? FIRST_PAGE_LINK : recidPages[last] - Long.BYTES;
      long next = volume.getLong(link) >>> 16 << 16;
      if (next <= 0 || next + PAGE_BYTES > volume.length()) {
        return 0;
      }
      recidPages = Arrays.copyOf(recidPages, last + 2);
      recidPages[last + 1] = next + 2 * Long.BYTES;
    }
    return recidPages[page];
  }

  /** Reads a little of each cache line of the record at a {@link #place}, of a long one of some. */
  public long touch(long place) {
    long from = place & PLACE_MASK;
    long to = from + Math.min(place >>> 48, TOUCHED_BYTES);
    long seen = 0;
    if (to <= volume.length()) {
      for (long at = from; at < to; at += CACHE_LINE_BYTES) {
        seen += volume.getByte(at);
      }
      seen += to > from ? volume.getByte(to - 1) : 0;
    }
    return seen;
  }
}
