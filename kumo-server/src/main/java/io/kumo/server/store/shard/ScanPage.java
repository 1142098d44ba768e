package io.kumo.server.store.shard;

import io.kumo.server.store.Cursor;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.mapdb.RecordFile;
import java.util.Arrays;

/**
 * What one page of the index holds of the range of a scan: hashes and recids, in the order of raw
 * keys. One thread.
 */
final class ScanPage {
  private final Shard shard;
  private final int generation;
  private long[] hashes;
  private long[] recids;
  private int size;
  private long nextHash;
  private boolean last;

  /** Takes the slots of an index page; under the lock of the shard. */
  ScanPage(Shard shard, long[] slots) {
    this.shard = shard;
    generation = shard.generation();
    recids = slots;
    hashes = new long[slots.length];
  }

  /**
   * Finds the hashes of all slots and leaves out what is not in the range; under the lock of the
   * shard. Places first, then records: no read waits for another, so the processor has many under
   * way.
   */
  void readHashes(Cursor range) {
    RecordFile file = shard.data().file();
    long fromHash = range.fromHash();
    long toHash = range.toHash();
    for (int i = 0; i < recids.length; i++) {
      recids[i] &= OffHeapIndex.MAX_RECID;
      hashes[i] = file.places().place(recids[i]);
    }
    for (int i = 0; i < recids.length; i++) {
      hashes[i] = file.places().hashAt(hashes[i]);
    }
    for (int i = 0; i < recids.length; i++) {
      long hash = hashes[i];
      if (Long.compareUnsigned(hash, fromHash) >= 0 && Long.compareUnsigned(hash, toHash) <= 0) {
        hashes[size] = hash;
        recids[size++] = recids[i];
      }
    }
  }

  /**
   * Sorts numbers that hold the leading bits of a hash, after those that all hashes of the page
   * share, and the place of the hash: in half the time that sorting objects takes.
   */
  void sort() {
    int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(size);
    long places = (1L << placeBits) - 1;
    long differ = 0;
    for (int i = 1; i < size; i++) {
      differ |= hashes[i] ^ hashes[0];
    }
    int shared = Math.min(Long.numberOfLeadingZeros(differ), placeBits);
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = (((hashes[i] << shared) & ~places) | i) ^ Long.MIN_VALUE;
    }
    Arrays.sort(order);
    long[] sortedHashes = new long[size];
    long[] sortedRecids = new long[size];
    for (int i = 0; i < size; i++) {
      int place = (int) (order[i] & places);
      int at = i;
      for (; at > 0 && Long.compareUnsigned(sortedHashes[at - 1], hashes[place]) > 0; at--) {
        sortedHashes[at] = sortedHashes[at - 1];
        sortedRecids[at] = sortedRecids[at - 1];
      }
      sortedHashes[at] = hashes[place];
      sortedRecids[at] = recids[place];
    }
    hashes = sortedHashes;
    recids = sortedRecids;
    orderEqualHashes();
  }

  /** Sorts neighbours of one hash by their keys. */
  private void orderEqualHashes() {
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size && hashes[to] == hashes[from]) {
        to++;
      }
      if (to - from > 1) {
        orderByKey(from, to);
      }
      from = to;
    }
  }

  private record Keyed(KeyBytes key, long recid) {}

  /** A raw key. */
  private static final class KeyBytes implements Comparable<KeyBytes> {
    private final byte[] bytes;

    KeyBytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int compareTo(KeyBytes other) {
      return Arrays.compareUnsigned(bytes, other.bytes);
    }
  }

  private void orderByKey(int from, int to) {
    Keyed[] keyed = new Keyed[to - from];
    shard.lock().lock();
    try {
      RecordFile file = shard.openData().file();
      for (int i = 0; i < keyed.length; i++) {
        long recid = recids[from + i];
        keyed[i] = new Keyed(new KeyBytes(keyOf(file, recid, hashes[from])), recid);
      }
    } finally {
      shard.lock().unlock();
    }
    Arrays.sort(keyed, (a, b) -> a.key().compareTo(b.key()));
    for (int i = 0; i < keyed.length; i++) {
      recids[from + i] = keyed[i].recid();
    }
  }

  /** Nothing for what has gone to another key meanwhile. */
  private static byte[] keyOf(RecordFile file, long recid, long hash) {
    try {
      file.open(recid);
      return file.hasReadableKey() && file.hash() == hash ? file.key() : new byte[0];
    } catch (StoreException e) {
      return new byte[0];
    }
  }

  /**
   * @param next the first hash after the page
   * @param isLast whether the range ends within the page
   */
  void endsAt(long next, boolean isLast) {
    nextHash = next;
    last = isLast;
  }

  int size() {
    return size;
  }

  long hash(int at) {
    return hashes[at];
  }

  long recid(int at) {
    return recids[at];
  }

  /** That of the shard when the page was noted: with another one the recids mean nothing. */
  int generation() {
    return generation;
  }

  long nextHash() {
    return nextHash;
  }

  boolean isLast() {
    return last;
  }
}
