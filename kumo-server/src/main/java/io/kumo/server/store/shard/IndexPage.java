package io.kumo.server.store.shard;

import io.kumo.core.ring.RangeDigest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A page of an {@link OffHeapIndex}: slots outside the heap with open addressing, from a place that
 * the fingerprint in a slot's value gives. Under the lock of the shard.
 *
 * <p>A page may know what its records come to; who changes a record tells it, or has it forget.
 */
final class IndexPage {
  final ByteBuffer buffer;
  final int base;
  final int slotsLog;
  final int depth;
  int count;

  private boolean summed;
  private long digestSum;
  private long digestCount;

  IndexPage(ByteBuffer buffer, int base, int slotsLog, int depth) {
    this.buffer = buffer;
    this.base = base;
    this.slotsLog = slotsLog;
    this.depth = depth;
  }

  int slots() {
    return 1 << slotsLog;
  }

  long get(int slot) {
    return buffer.getLong(base + (slot << 3));
  }

  void set(int slot, long value) {
    buffer.putLong(base + (slot << 3), value);
  }

  int home(long slotValue) {
    int print = (int) (slotValue >>> 32) & 0xffff;
    return slotsLog <= 16 ? print >>> (16 - slotsLog) : print << (slotsLog - 16);
  }

  /** Of all sound records; null when it is not known. */
  @Nullable RangeDigest digest() {
    return summed ? new RangeDigest(digestSum, digestCount) : null;
  }

  /** Whether the page has to be told of what becomes of its records. */
  boolean isSummed() {
    return summed;
  }

  void setDigest(RangeDigest digest) {
    digestSum = digest.sum();
    digestCount = digest.count();
    summed = true;
  }

  void forgetDigest() {
    summed = false;
  }

  /** A record has come. */
  void addDigest(long digest) {
    digestSum += digest;
    digestCount++;
  }

  /** A record has gone. */
  void subtractDigest(long digest) {
    digestSum -= digest;
    digestCount--;
  }

  /** Adds a slot; there has to be room. */
  void put(long value) {
    int mask = slots() - 1;
    int slot = home(value);
    while (get(slot) != 0) {
      slot = (slot + 1) & mask;
    }
    set(slot, value);
    count++;
  }

  /**
   * Removes a slot that is in use, and moves later members of its run back, so that no probe stops
   * at the gap.
   */
  void remove(int removed) {
    int mask = slots() - 1;
    int gap = removed;
    for (int slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      long value = get(slot);
      if (value == 0) {
        break;
      }
      int fromHome = (slot - home(value)) & mask;
      int fromGap = (slot - gap) & mask;
      if (fromHome >= fromGap) {
        set(gap, value);
        gap = slot;
      }
    }
    set(gap, 0);
    count--;
  }

  /** Gives all that is in use to another page, which has room. */
  void copyTo(IndexPage copy) {
    for (int slot = 0; slot < slots(); slot++) {
      if (get(slot) != 0) {
        copy.put(get(slot));
      }
    }
    RangeDigest known = digest();
    if (known != null) {
      copy.setDigest(known);
    }
  }

  void clear() {
    for (int slot = 0; slot < slots(); slot++) {
      set(slot, 0);
    }
  }

  /** What is in use, in no order. */
  long[] used() {
    long[] used = new long[count];
    int found = 0;
    for (int slot = 0; slot < slots(); slot++) {
      long value = get(slot);
      if (value != 0) {
        used[found++] = value;
      }
    }
    return used;
  }
}
