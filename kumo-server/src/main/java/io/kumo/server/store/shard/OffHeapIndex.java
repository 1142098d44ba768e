package io.kumo.server.store.shard;

import io.kumo.core.ring.RangeDigest;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.disk.ChecksummedReader;
import io.kumo.server.store.disk.ChecksummedWriter;
import io.kumo.server.store.disk.DirectMemory;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Where the records of a shard are: from hash and fingerprint of a key to the recid, in 8 bytes a
 * slot outside the heap. Extendible hashing: a directory over the leading bits of the hash leads to
 * pages, which are split when they fill up (or doubled, when their keys share too many bits), so
 * nothing ever rehashes the whole, and a walk over the directory meets the keys in the order of
 * their hashes, page by page.
 *
 * <p>Within a page keys lie by open addressing with linear probing, from a place that the seeded
 * fingerprint gives: keys chosen to have equal hashes spread like any others.
 *
 * <p>Invariants, all under the lock of the shard:
 *
 * <ul>
 *   <li>A slot is 0 or (tag u16, fingerprint u16, recid u32); the tag is the leading bits of the
 *       hash after those that choose the shard.
 *   <li>A page of depth d holds exactly the keys whose first d tag bits are its own; 2^(directory
 *       depth - d) neighbouring entries of the directory lead to it.
 *   <li>A page is at most 3/4 full; between the home of a key and its slot there is no empty slot.
 * </ul>
 */
public final class OffHeapIndex {
  public static final int TAG_BITS = 16;
  static final long MAX_RECID = 0xffff_ffffL;
  private static final int MAX_SLOTS_LOG = 27;
  private static final Matcher ANY = recid -> true;

  /** Decides whether the record of a slot is the one that is looked for. */
  interface Matcher {
    boolean matches(long recid);
  }

  private final int shardBits;
  private IndexPage[] directory;
  private int directoryDepth;
  private long size;
  private final IndexMemory memory;

  /** An empty index; {@code shardBits} leading bits of every hash are the same. */
  public OffHeapIndex(int shardBits, DirectMemory memory) {
    this.shardBits = shardBits;
    this.memory = new IndexMemory(memory);
    directory = new IndexPage[] {newPage(IndexMemory.PAGE_SLOTS_LOG, 0)};
    directory[0].setDigest(RangeDigest.NONE);
  }

  private int tag(long hash) {
    return (int) ((hash << shardBits) >>> (64 - TAG_BITS));
  }

  private static long slotValue(int tag, long fingerprint, long recid) {
    return (long) tag << 48 | (fingerprint & 0xffff) << 32 | recid;
  }

  /** The page that a tag leads to. */
  IndexPage page(int tag) {
    return directory[tag >>> (TAG_BITS - directoryDepth)];
  }

  /** The page that a key belongs to, whether it is there or not. */
  IndexPage pageOf(long hash) {
    return page(tag(hash));
  }

  /** Whether the index cannot tell two keys apart. */
  boolean sharesSlot(long hash, long fingerprint, long otherHash, long otherFingerprint) {
    return slotValue(tag(hash), fingerprint, 0) == slotValue(tag(otherHash), otherFingerprint, 0);
  }

  /** The recid that the matcher accepts among those of this hash and fingerprint, 0 for none. */
  long find(long hash, long fingerprint, Matcher matcher) {
    int tag = tag(hash);
    IndexPage page = page(tag);
    long wanted = slotValue(tag, fingerprint, 0);
    int mask = page.slots() - 1;
    for (int slot = page.home(wanted); ; slot = (slot + 1) & mask) {
      long value = page.get(slot);
      if (value == 0) {
        return 0;
      }
      if (value >>> 32 == wanted >>> 32 && matcher.matches(value & MAX_RECID)) {
        return value & MAX_RECID;
      }
    }
  }

  /** What the slot holds at which the search for a key begins. */
  long peek(long hash, long fingerprint) {
    int tag = tag(hash);
    IndexPage page = page(tag);
    return page.get(page.home(slotValue(tag, fingerprint, 0)));
  }

  /** The first recid of this hash and fingerprint, 0 for none; it may be another key's. */
  long candidate(long hash, long fingerprint) {
    return find(hash, fingerprint, ANY);
  }

  /** Adds a key that is not there. */
  void insert(long hash, long fingerprint, long recid) {
    if (recid <= 0 || recid > MAX_RECID) {
      throw new IllegalArgumentException("recid " + recid + " does not fit into the index");
    }
    insert(tag(hash), fingerprint, recid);
  }

  /** Adds a key by the slot that it has in another index with the same seed. */
  void insertLike(long slot, long recid) {
    int tag = (int) (slot >>> 48);
    insert(tag, slot >>> 32, recid);
    page(tag).forgetDigest();
  }

  /**
   * Sees to it that adding a key needs no more memory.
   *
   * @throws StoreException when there is none; the index is as it was
   */
  void ensureRoom(long hash) {
    pageWithRoom(tag(hash));
  }

  /** The same for {@link #insertLike}. */
  void ensureRoomLike(long slot) {
    pageWithRoom((int) (slot >>> 48));
  }

  private IndexPage pageWithRoom(int tag) {
    IndexPage page = page(tag);
    while ((page.count + 1) * 4 > page.slots() * 3) {
      makeRoom(page, tag);
      page = page(tag);
    }
    return page;
  }

  private void insert(int tag, long fingerprint, long recid) {
    IndexPage page = pageWithRoom(tag);
    page.put(slotValue(tag, fingerprint, recid));
    size++;
  }

  /** Removes a key that is there. */
  void remove(long hash, long fingerprint, long recid) {
    int tag = tag(hash);
    IndexPage page = page(tag);
    long wanted = slotValue(tag, fingerprint, recid);
    int mask = page.slots() - 1;
    int slot = page.home(wanted);
    while (page.get(slot) != wanted) {
      if (page.get(slot) == 0) {
        throw new IllegalStateException("recid " + recid + " is not in the index");
      }
      slot = (slot + 1) & mask;
    }
    page.remove(slot);
    size--;
  }

  private void makeRoom(IndexPage page, int tag) {
    if (page.depth < TAG_BITS) {
      split(page, tag);
    } else {
      IndexPage larger = newPage(page.slotsLog + 1, page.depth);
      page.copyTo(larger);
      replace(page, tag, page.depth, i -> larger);
    }
  }

  private void split(IndexPage page, int tag) {
    if (page.depth == directoryDepth) {
      doubleDirectory();
    }
    int bit = TAG_BITS - 1 - page.depth;
    IndexPage[] halves = halves(page);
    for (int slot = 0; slot < page.slots(); slot++) {
      long value = page.get(slot);
      if (value != 0) {
        halves[(int) (value >>> (48 + bit)) & 1].put(value);
      }
    }
    replace(page, tag, page.depth, i -> halves[(i >>> (directoryDepth - page.depth - 1)) & 1]);
  }

  /** Two empty pages to take the place of one. */
  private IndexPage[] halves(IndexPage page) {
    IndexPage first = newPage(page.slotsLog, page.depth + 1);
    try {
      return new IndexPage[] {first, newPage(page.slotsLog, page.depth + 1)};
    } catch (StoreException e) {
      memory.reuse(first);
      throw e;
    }
  }

  /** Gives every directory entry of a page what the function has for its number. */
  private void replace(IndexPage page, int tag, int depth, IntFunction<IndexPage> by) {
    int entries = 1 << (directoryDepth - depth);
    int first = (tag >>> (TAG_BITS - directoryDepth)) & -entries;
    for (int i = first; i < first + entries; i++) {
      directory[i] = by.apply(i);
    }
    memory.reuse(page);
  }

  private void doubleDirectory() {
    IndexPage[] doubled = new IndexPage[directory.length * 2];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = directory[i >>> 1];
    }
    directory = doubled;
    directoryDepth++;
  }

  private IndexPage newPage(int slotsLog, int depth) {
    return memory.page(slotsLog, depth, directory != null && directory.length >= 8);
  }

  /** Gives the memory back; nobody may touch the index afterwards. */
  void release() {
    directory = new IndexPage[0];
    memory.release();
  }

  // ---- walking in the order of hashes

  /** The number of a hash's place in the walk. */
  int firstEntry(long hash) {
    return tag(hash);
  }

  /** The first tag of the page of this one. */
  int pageStart(int tag) {
    return tag & -(1 << (TAG_BITS - page(tag).depth));
  }

  /** The slots of a tag's page that are in use, in no order; their low 32 bits are recids. */
  public long[] slotsAt(int tag) {
    return page(tag).used();
  }

  /** Whether a slot that {@link #slotsAt} gave is still there. */
  boolean contains(long slotValue) {
    IndexPage page = page((int) (slotValue >>> 48));
    int mask = page.slots() - 1;
    for (int slot = page.home(slotValue); ; slot = (slot + 1) & mask) {
      long value = page.get(slot);
      if (value == slotValue || value == 0) {
        return value != 0;
      }
    }
  }

  /** The first tag after the page of this one; 2^16 after the last page. */
  public int nextEntry(int tag) {
    int width = TAG_BITS - page(tag).depth;
    return ((tag >>> width) + 1) << width;
  }

  // ---- the index file

  /** Writes all pages, in the order of the directory. */
  void write(ChecksummedWriter out) throws IOException {
    out.putInt(directoryDepth);
    for (int tag = 0; tag < 1 << TAG_BITS; tag = nextEntry(tag)) {
      IndexPage page = page(tag);
      out.putInt(page.depth).putInt(page.slotsLog).putInt(page.count);
      for (int slot = 0; slot < page.slots(); slot++) {
        out.putLong(page.get(slot));
      }
    }
  }

  /** Reads what {@link #write} wrote. */
  static OffHeapIndex read(int shardBits, ChecksummedReader in, DirectMemory memory)
      throws IOException {
    OffHeapIndex index = new OffHeapIndex(shardBits, memory);
    try {
      index.read(in);
    } catch (IOException | StoreException e) {
      index.release();
      throw e;
    }
    return index;
  }

  private void read(ChecksummedReader in) throws IOException {
    directoryDepth = in.getInt(0, TAG_BITS);
    directory = new IndexPage[1 << directoryDepth];
    for (int entry = 0; entry < directory.length; ) {
      int depth = in.getInt(0, directoryDepth);
      IndexPage page = newPage(in.getInt(IndexMemory.PAGE_SLOTS_LOG, MAX_SLOTS_LOG), depth);
      page.count = in.getInt(0, page.slots());
      for (int slot = 0; slot < page.slots(); slot++) {
        page.set(slot, in.getLong());
      }
      int width = 1 << (directoryDepth - depth);
      if (entry + width > directory.length) {
        throw new IOException("pages overlap");
      }
      Arrays.fill(directory, entry, entry + width, page);
      entry += width;
      size += page.count;
    }
  }

  long size() {
    return size;
  }

  /** Memory outside the heap. */
  long bytes() {
    return memory.bytes();
  }

  @Override
  public String toString() {
    return "OffHeapIndex[%d keys, depth %d, %d pages]"
        .formatted(size, directoryDepth, Arrays.stream(directory).distinct().count());
  }
}
