package io.kumo.core.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts values by their size, in buckets that grow with the values: each doubling has eight, so
 * that none is wider than an eighth of what is in it. The unit is the user's; negative values count
 * as 0, and those from 2^40 on as the greatest there is.
 *
 * <p>Invariant: bucket i holds the values from {@link #floor} of i up to that of i + 1, and one
 * more cell behind the buckets holds the sum of the values. Written by one thread with {@link
 * #add}, or by any with {@link #addShared}, never by both; others read numbers that are a moment
 * old. Recording takes no lock and no memory.
 */
public final class Buckets {
  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;
  private static final int MAX_BITS = 40;
  private static final long MAX_VALUE = (1L << MAX_BITS) - 1;

  /** How many buckets there are. */
  public static final int COUNT = (MAX_BITS - SUB_BITS + 1) * SUB;

  private final AtomicLongArray cells = new AtomicLongArray(COUNT + 1);

  /** Counts a value; one thread alone. */
  public void add(long value) {
    long bounded = bounded(value);
    int index = index(bounded);
    cells.setOpaque(index, cells.getPlain(index) + 1);
    cells.setOpaque(COUNT, cells.getPlain(COUNT) + bounded);
  }

  /** Counts a value; any thread. */
  public void addShared(long value) {
    long bounded = bounded(value);
    cells.getAndIncrement(index(bounded));
    cells.getAndAdd(COUNT, bounded);
  }

  /** What has been counted by now. */
  public Distribution read() {
    long[] counts = new long[COUNT];
    for (int i = 0; i < COUNT; i++) {
      counts[i] = cells.getOpaque(i);
    }
    return new Distribution(counts, cells.getOpaque(COUNT));
  }

  /** The least value of a bucket. */
  static long floor(int index) {
    if (index < SUB) {
      return index;
    }
    int shift = index / SUB - 1;
    return (long) (index % SUB + SUB) << shift;
  }

  /** The bucket of a value from 0 to the greatest. */
  static int index(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
    return shift * SUB + (int) (value >>> shift);
  }

  private static long bounded(long value) {
    return Math.max(0, Math.min(value, MAX_VALUE));
  }
}
