package io.kumo.it.explore;

/**
 * A set of 128-bit fingerprints, 16 bytes each, in a table that is at most two thirds full. With
 * ten million states the chance that any two have the same is below 2^-81.
 */
final class Fingerprints {
  private static final int FIRST_SLOTS = 1 << 16;

  private long[] table = new long[2 * FIRST_SLOTS];
  private int size;

  /** Whether this was not there before. */
  boolean add(int[] state) {
    long high = 0x9E3779B97F4A7C15L;
    long low = 0xC2B2AE3D27D4EB4FL;
    for (int word : state) {
      high = mix(high ^ word);
      low = mix(low * 31 + word + 0x165667B19E3779F9L);
    }
    if (high == 0 && low == 0) {
      low = 1;
    }
    if (3L * size >= table.length) {
      grow();
    }
    return insert(table, high, low);
  }

  int size() {
    return size;
  }

  private boolean insert(long[] into, long high, long low) {
    int mask = into.length / 2 - 1;
    int slot = (int) (high ^ (low >>> 32)) & mask;
    while (into[2 * slot] != 0 || into[2 * slot + 1] != 0) {
      if (into[2 * slot] == high && into[2 * slot + 1] == low) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    into[2 * slot] = high;
    into[2 * slot + 1] = low;
    size++;
    return true;
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    size = 0;
    for (int i = 0; i < old.length; i += 2) {
      if (old[i] != 0 || old[i + 1] != 0) {
        insert(table, old[i], old[i + 1]);
      }
    }
  }

  /** The finalizer of SplitMix64: one to one, and every bit of the input changes half of all. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
