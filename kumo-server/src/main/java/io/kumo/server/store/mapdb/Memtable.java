package io.kumo.server.store.mapdb;

import io.kumo.server.store.disk.DirectMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records outside the heap that are to take the place of others of the same length in a data file:
 * a hash table by recid over blocks of memory that are filled from their beginnings.
 *
 * <p>An entry: place in the file u48 below length u16, as MapDB has them in its index, the lowest
 * bits its state; recid u32; the next entry of the bucket u32; the record. Entries begin at
 * multiples of 16 bytes; the number of such a multiple is the entry's address, 0 stands for none.
 *
 * <p>Invariants: {@code members} has the recids of the entries that are in force, of each one. Once
 * nobody adds any more, all of an entry but its state stays what it is, so that another thread may
 * read it without the lock of the shard, which is needed for all else.
 */
final class Memtable {
  /** Longer records fill pages of their own. */
  static final int MAX_RECORD_BYTES = 4096;

  /** Places from here on do not fit beside an address into a number to sort by. */
  static final long MAX_PLACE = 1L << 36;

  static final long PLACE_MASK = 0xffff_ffff_fff0L;

  private static final int STATE_MASK = 0xf;
  private static final int IN_FORCE = 0;

  /** Another record is in its place: no checkpoint writes it. */
  private static final int DEAD = 1;

  /** Another record has come since the checkpoint began that is to write it. */
  private static final int OUTDATED = 2;

  private static final int GRANULE_SHIFT = 4;
  private static final int BLOCK_SHIFT = 18;
  private static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;
  private static final int RECID = 8;
  private static final int NEXT = 12;
  private static final int HEADER_BYTES = 16;
  private static final int BUCKETS = 1 << 16;

  private final DirectMemory memory;
  private final UnitSet members = new UnitSet();
  private ByteBuffer buckets = ByteBuffer.allocate(0);
  private List<ByteBuffer> blocks = new ArrayList<>();
  private List<ByteBuffer> views = new ArrayList<>();
  private int used = BLOCK_BYTES;
  private int count;

  Memtable(DirectMemory memory) {
    this.memory = memory;
  }

  /** The entry of a recid that is in force, 0 for none. */
  int find(long recid) {
    if (!contains(recid)) {
      return 0;
    }
    int entry = buckets.getInt(bucket(recid));
    while (recidOf(entry) != recid) {
      entry = memory(entry).getInt(indexOf(entry) + NEXT);
    }
    return entry;
  }

  private static int bucket(long recid) {
    return ((int) recid & (BUCKETS - 1)) << 2;
  }

  /**
   * Adds a record, or puts it in the place of the one that is there.
   *
   * @return false when there is no memory for one more; then nothing has changed
   */
  boolean put(long recid, long place, byte[] bytes, int length) {
    int entry = find(recid);
    if (entry == 0) {
      entry = add(recid, (long) length << 48 | place);
    }
    if (entry != 0) {
      memory(entry).put(recordIndex(entry), bytes, 0, length);
    }
    return entry != 0;
  }

  /** Adds what another table has; false when there is no memory for it. */
  boolean putLike(Memtable other, int entry) {
    long recid = other.recidOf(entry);
    int copy = add(recid, other.place(entry) | (long) other.length(entry) << 48);
    if (copy != 0) {
      memory(copy)
          .put(
              recordIndex(copy),
              other.memory(entry),
              other.recordIndex(entry),
              other.length(entry));
    }
    return copy != 0;
  }

  /** Returns 0 when there is no memory for it. */
  private int add(long recid, long where) {
    int bytes = entryBytes((int) (where >>> 48));
    if (used + bytes > BLOCK_BYTES && !addBlock()) {
      return 0;
    }
    int block = blocks.size() - 1;
    int entry = block << (BLOCK_SHIFT - GRANULE_SHIFT) | used >>> GRANULE_SHIFT;
    int bucket = bucket(recid);
    blocks
        .get(block)
        .putLong(used, where)
        .putInt(used + RECID, (int) recid)
        .putInt(used + NEXT, buckets.getInt(bucket));
    buckets.putInt(bucket, entry);
    used += bytes;
    count++;
    if (recid >= members.bound()) {
      members.ensureBound(2 * Integer.highestOneBit((int) recid));
    }
    members.add((int) recid);
    return entry;
  }

  private static int entryBytes(int length) {
    return HEADER_BYTES + (length + HEADER_BYTES - 1 & -HEADER_BYTES);
  }

  /** A block begins with an entry that is none, so that no address is 0. */
  private boolean addBlock() {
    if (buckets.capacity() == 0) {
      ByteBuffer allocated = memory.forRecords(BUCKETS << 2);
      if (allocated == null) {
        return false;
      }
      buckets = allocated;
    }
    ByteBuffer block = memory.forRecords(BLOCK_BYTES);
    if (block == null) {
      return false;
    }
    blocks.add(block);
    views.add(block.duplicate());
    used = HEADER_BYTES;
    return true;
  }

  /**
   * Has the entry of a recid, if there is one, be in force no more.
   *
   * @param frozen whether a checkpoint has begun that is to write it all the same
   */
  void remove(long recid, boolean frozen) {
    int entry = find(recid);
    if (entry != 0) {
      members.remove((int) recid);
      int at = indexOf(entry);
      long where = memory(entry).getLong(at);
      memory(entry).putLong(at, where | (frozen ? OUTDATED : DEAD));
    }
  }

  boolean contains(long recid) {
    return !members.isEmpty() && recid < members.bound() && members.contains((int) recid);
  }

  boolean isInForce(int entry) {
    return state(entry) == IN_FORCE;
  }

  private int state(int entry) {
    return (int) memory(entry).getLong(indexOf(entry)) & STATE_MASK;
  }

  /**
   * All entries that were in force when the checkpoint began, in the order of their places: {@link
   * #entryOf} and {@link #placeOf} say what each number stands for.
   */
  long[] sorted() {
    long[] sorted = new long[count];
    int found = 0;
    for (int block = 0; block < blocks.size(); block++) {
      ByteBuffer memory = blocks.get(block);
      int at = HEADER_BYTES;
      while (at < BLOCK_BYTES && memory.getLong(at) != 0) {
        long where = memory.getLong(at);
        if ((where & STATE_MASK) != DEAD) {
          int entry = block << (BLOCK_SHIFT - GRANULE_SHIFT) | at >>> GRANULE_SHIFT;
          sorted[found++] =
              ((where & PLACE_MASK) << (Integer.SIZE - GRANULE_SHIFT) ^ Long.MIN_VALUE)
                  | Integer.toUnsignedLong(entry);
        }
        at += entryBytes((int) (where >>> 48));
      }
    }
    sorted = Arrays.copyOf(sorted, found);
    Arrays.sort(sorted);
    return sorted;
  }

  static int entryOf(long sorted) {
    return (int) sorted;
  }

  static long placeOf(long sorted) {
    return (sorted ^ Long.MIN_VALUE) >>> Integer.SIZE << GRANULE_SHIFT;
  }

  /** Where the record of an entry belongs in the file. */
  long place(int entry) {
    return memory(entry).getLong(indexOf(entry)) & PLACE_MASK;
  }

  int length(int entry) {
    return (int) (memory(entry).getLong(indexOf(entry)) >>> 48);
  }

  long recidOf(int entry) {
    return memory(entry).getInt(indexOf(entry) + RECID);
  }

  /** The memory around an entry, whose position and limit nobody changes. */
  ByteBuffer memory(int entry) {
    return blocks.get(entry >>> (BLOCK_SHIFT - GRANULE_SHIFT));
  }

  /** The same memory, but position and limit are the caller's to set. */
  ByteBuffer view(int entry) {
    return views.get(entry >>> (BLOCK_SHIFT - GRANULE_SHIFT));
  }

  private static int indexOf(int entry) {
    return entry << GRANULE_SHIFT & (BLOCK_BYTES - 1);
  }

  int recordIndex(int entry) {
    return indexOf(entry) + HEADER_BYTES;
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  long bytes() {
    return blocks.isEmpty() ? 0 : ((long) (blocks.size() - 1) << BLOCK_SHIFT) + used;
  }

  /**
   * Lets go of all entries.
   *
   * @return their memory, for {@link #letGo} once the lock is free, as that takes long
   */
  List<ByteBuffer> clear() {
    List<ByteBuffer> former = blocks;
    blocks = new ArrayList<>();
    views = new ArrayList<>();
    used = BLOCK_BYTES;
    count = 0;
    members.clear();
    for (int at = 0; at < buckets.capacity(); at += Long.BYTES) {
      buckets.putLong(at, 0);
    }
    return former;
  }

  /** Gives back what {@link #clear} returned; any thread. */
  void letGo(List<ByteBuffer> former) {
    former.forEach(memory::freeRecords);
  }

  /** Gives everything back; nobody may touch the table afterwards. */
  void release() {
    letGo(clear());
    if (buckets.isDirect()) {
      memory.freeRecords(buckets);
      buckets = ByteBuffer.allocate(0);
    }
  }
}
