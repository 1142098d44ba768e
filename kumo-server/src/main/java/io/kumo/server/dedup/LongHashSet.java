package io.kumo.server.dedup;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * A set of 64-bit numbers in one array, 16 bytes each at most; open addressing, no removal but of
 * all.
 */
public final class LongHashSet {
  private static final int FIRST_CAPACITY = 64;

  private final int maxSize;
  private long[] slots = new long[FIRST_CAPACITY];
  private boolean hasZero;
  private int size;

  /**
   * @param maxSize one more empties the set
   */
  public LongHashSet(int maxSize) {
    this.maxSize = maxSize;
  }

  int size() {
    return size;
  }

  public boolean contains(long value) {
    return value == 0 ? hasZero : slots[slotOf(slots, value)] == value;
  }

  /** Adds the value; a set that is full is emptied first. */
  public void add(long value) {
    if (contains(value)) {
      return;
    }
    if (size >= maxSize) {
      clear();
    }
    size++;
    if (value == 0) {
      hasZero = true;
      return;
    }
    if (size * 2 > slots.length) {
      grow();
    }
    slots[slotOf(slots, value)] = value;
  }

  public void clear() {
    slots = new long[FIRST_CAPACITY];
    hasZero = false;
    size = 0;
  }

  /** Keeps only what the filter accepts. */
  public void retain(LongPredicate filter) {
    long[] old = slots;
    boolean zero = hasZero && filter.test(0);
    clear();
    for (long value : old) {
      if (value != 0 && filter.test(value)) {
        add(value);
      }
    }
    if (zero) {
      add(0);
    }
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    Arrays.stream(slots).filter(v -> v != 0).forEach(v -> larger[slotOf(larger, v)] = v);
    slots = larger;
  }

  private static int slotOf(long[] table, long value) {
    int mask = table.length - 1;
    int slot = (int) ((value * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (table[slot] != 0 && table[slot] != value) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
