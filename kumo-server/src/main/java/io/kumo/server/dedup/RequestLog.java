package io.kumo.server.dedup;

import org.jspecify.annotations.Nullable;

/**
 * The entries of {@link RequestIds}, oldest first, in arrays of numbers that are used again and
 * again: a million of them are nothing that a garbage collector has to look at. Confined to one
 * thread.
 *
 * <p>Entries are numbered from 0 up to 2^31 - 1 and on from 0. A number that somebody still knows
 * long after its entry was removed may come to name another entry; whoever follows one compares
 * what he finds.
 */
final class RequestLog {
  private static final int CHUNK_LOG = 10;
  private static final int CHUNK_ENTRIES = 1 << CHUNK_LOG;
  private static final int STRIDE = 6;

  private static final int INCARNATION = 0;
  private static final int SEQUENCE = 1;
  private static final int HASH = 2;
  private static final int CLOCK_TIME = 3;
  private static final int REMEMBERED_NS = 4;

  /** The next entry by id in the high half, by hash in the low. */
  private static final int LINKS = 5;

  private final long[] @Nullable [] chunks;
  private final int mask;
  private long @Nullable [] spare;
  private int oldest;
  private int size;

  /**
   * @param maxEntries bound of {@link #size}
   */
  RequestLog(int maxEntries) {
    int slots = Math.max(2 * CHUNK_ENTRIES, Integer.highestOneBit(maxEntries) << 2);
    chunks = new long[slots >>> CHUNK_LOG][];
    mask = slots - 1;
  }

  int size() {
    return size;
  }

  int oldest() {
    return oldest;
  }

  /** The number that the next entry will have. */
  int end() {
    return after(oldest + size - 1);
  }

  /** The number after this one. */
  int after(int entry) {
    return (entry + 1) & Integer.MAX_VALUE;
  }

  /** Whether this is the number of an entry now. */
  boolean holds(int entry) {
    return ((entry - oldest) & Integer.MAX_VALUE) < size;
  }

  /** Adds an entry and returns its number; its links are still to be set. */
  int add(long incarnation, long sequence, long hash, long clockTime, long nowNs) {
    int entry = (oldest + size) & Integer.MAX_VALUE;
    int chunk = (entry & mask) >>> CHUNK_LOG;
    long[] values = chunks[chunk];
    if (values == null) {
      values = spare == null ? new long[CHUNK_ENTRIES * STRIDE] : spare;
      spare = null;
      chunks[chunk] = values;
    }
    int at = at(entry);
    values[at + INCARNATION] = incarnation;
    values[at + SEQUENCE] = sequence;
    values[at + HASH] = hash;
    values[at + CLOCK_TIME] = clockTime;
    values[at + REMEMBERED_NS] = nowNs;
    size++;
    return entry;
  }

  void removeOldest() {
    int next = (oldest + 1) & Integer.MAX_VALUE;
    int chunk = (oldest & mask) >>> CHUNK_LOG;
    size--;
    if (next >>> CHUNK_LOG != oldest >>> CHUNK_LOG) {
      spare = chunks[chunk];
      chunks[chunk] = null;
    }
    oldest = next;
  }

  void repeat(int entry, long clockTime, long nowNs) {
    set(entry, CLOCK_TIME, clockTime);
    set(entry, REMEMBERED_NS, nowNs);
  }

  long incarnation(int entry) {
    return get(entry, INCARNATION);
  }

  long sequence(int entry) {
    return get(entry, SEQUENCE);
  }

  long hash(int entry) {
    return get(entry, HASH);
  }

  long clockTime(int entry) {
    return get(entry, CLOCK_TIME);
  }

  long rememberedNs(int entry) {
    return get(entry, REMEMBERED_NS);
  }

  /** For chains by id; ids of one gateway that follow one another lie side by side. */
  HashChains.Links byId() {
    return new EntryLinks(true);
  }

  /** For chains by the keys' hashes. */
  HashChains.Links byHash() {
    return new EntryLinks(false);
  }

  private final class EntryLinks implements HashChains.Links {
    private final boolean byId;
    private final int shift;

    EntryLinks(boolean byId) {
      this.byId = byId;
      this.shift = byId ? Integer.SIZE : 0;
    }

    @Override
    public int position(int entry) {
      int position = (entry - oldest) & Integer.MAX_VALUE;
      return position < size ? position : -1;
    }

    @Override
    public int held() {
      return size;
    }

    @Override
    public long hash(int entry) {
      return byId ? idHash(incarnation(entry), sequence(entry)) : get(entry, HASH);
    }

    @Override
    public int next(int entry) {
      return (int) (get(entry, LINKS) >> shift);
    }

    @Override
    public void setNext(int entry, int next) {
      long others = get(entry, LINKS) & ~(0xffff_ffffL << shift);
      set(entry, LINKS, others | (next & 0xffff_ffffL) << shift);
    }
  }

  static long idHash(long incarnation, long sequence) {
    return incarnation * 0x9E3779B97F4A7C15L + sequence;
  }

  private static int at(int entry) {
    return (entry & (CHUNK_ENTRIES - 1)) * STRIDE;
  }

  private long get(int entry, int column) {
    return chunk(entry)[at(entry) + column];
  }

  private void set(int entry, int column, long value) {
    chunk(entry)[at(entry) + column] = value;
  }

  private long[] chunk(int entry) {
    long[] values = chunks[(entry & mask) >>> CHUNK_LOG];
    if (values == null) {
      throw new IllegalArgumentException("no entry " + entry);
    }
    return values;
  }
}
