package io.kumo.server.watch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The keys that come most often in a stream, in bounded memory: the space-saving sketch of
 * Metwally, Agrawal and El Abbadi (2005), one for each of {@value #SETS} parts of the stream. A key
 * that is not among the {@value #WAYS} of its part takes the place, and the counts, of the one that
 * came least; so counts are never too low, and too high by no more than the least count that its
 * part keeps. As in the caches of processors, a look at one set takes a few comparisons. Confined
 * to one thread.
 */
final class HotKeys {
  static final int SETS = 32;
  static final int WAYS = 8;
  static final int MAX_KEYS = SETS * WAYS;

  private final long[] hashes = new long[MAX_KEYS];
  private final long[] reads = new long[MAX_KEYS];
  private final long[] writes = new long[MAX_KEYS];
  private final ByteBuf[] keys = new ByteBuf[MAX_KEYS];

  HotKeys() {
    Arrays.setAll(keys, i -> Unpooled.buffer(0, KeyText.ENOUGH_BYTES));
  }

  /** A key, and how often it came at most. */
  record Entry(String key, long reads, long writes) {
    private long count() {
      return reads + writes;
    }
  }

  /**
   * Counts a read or a write of the key with this hash. Borrows the raw key, of which the bytes are
   * kept: of most keys that come in nobody ever wants the text.
   */
  void add(long hash, boolean write, ByteBuf rawKey) {
    int at = place(hash);
    if (!holds(at, hash)) {
      hashes[at] = hash;
      int length = Math.min(rawKey.readableBytes(), KeyText.ENOUGH_BYTES);
      keys[at].clear().writeBytes(rawKey, rawKey.readerIndex(), length);
    }
    if (write) {
      writes[at]++;
    } else {
      reads[at]++;
    }
  }

  /** Where the key is counted, or where it is to be from now on. */
  private int place(long hash) {
    int first = WAYS * (Long.hashCode(hash) & (SETS - 1));
    int least = first;
    for (int i = first; i < first + WAYS; i++) {
      if (holds(i, hash)) {
        return i;
      }
      if (reads[i] + writes[i] < reads[least] + writes[least]) {
        least = i;
      }
    }
    return least;
  }

  private boolean holds(int at, long hash) {
    return hashes[at] == hash && keys[at].isReadable();
  }

  /** Those that came most, at most so many; the most frequent first. */
  List<Entry> top(int max) {
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < MAX_KEYS; i++) {
      if (keys[i].isReadable()) {
        all.add(new Entry(KeyText.of(keys[i]), reads[i], writes[i]));
      }
    }
    all.sort(Comparator.comparingLong(Entry::count).reversed());
    return all.subList(0, Math.min(max, all.size()));
  }
}
