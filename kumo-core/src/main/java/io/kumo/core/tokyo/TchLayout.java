package io.kumo.core.tokyo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where things lie in a Tokyo Cabinet hash file, in this order: a header of 256 bytes, the bucket
 * array, the pool of free blocks, and blocks (records and free ones) up to the end.
 *
 * @param order of all fixed-width numbers. Tokyo Cabinet's own is little endian; Debian's package
 *     is built to swap them, so its files are big endian
 * @param large offsets of blocks have 8 bytes (option {@code -tl}), not 4
 * @param alignmentPower blocks begin and end at multiples of two to this power; offsets are kept in
 *     these units. 0 to 16
 * @param poolPower the pool has room for two to this power free blocks. 0 to 20
 * @param buckets entries of the bucket array, at least 1
 */
record TchLayout(ByteOrder order, boolean large, int alignmentPower, int poolPower, long buckets) {

  static final int HEADER_BYTES = 256;
  static final int MAX_ALIGNMENT_POWER = 16;
  static final int MAX_POOL_POWER = 20;

  private static final int DEFAULT_ALIGNMENT_POWER = 4;
  private static final int DEFAULT_POOL_POWER = 10;
  private static final int POOL_BASE_BYTES = 64;
  private static final int POOL_ENTRY_BYTES = 4;

  /** As Debian's library makes one unless it is told otherwise. */
  static TchLayout ofDebian(boolean large, long buckets) {
    return new TchLayout(
        ByteOrder.BIG_ENDIAN, large, DEFAULT_ALIGNMENT_POWER, DEFAULT_POOL_POWER, buckets);
  }

  int pointerBytes() {
    return large ? Long.BYTES : Integer.BYTES;
  }

  int alignment() {
    return 1 << alignmentPower;
  }

  /** Bytes up to the next multiple of the alignment. */
  int paddingAt(long offset) {
    return (int) (-offset & (alignment() - 1));
  }

  boolean isAligned(long offset) {
    return paddingAt(offset) == 0;
  }

  /** Where the pool of free blocks ends and the first block begins. */
  long firstBlock() {
    long end =
        HEADER_BYTES
            + buckets * pointerBytes()
            + POOL_BASE_BYTES
            + ((long) POOL_ENTRY_BYTES << poolPower);
    return end + paddingAt(end);
  }

  /** Takes an offset of a block from a buffer in this order; 0 is none. */
  long pointer(ByteBuffer from) {
    long units = large ? from.getLong() : Integer.toUnsignedLong(from.getInt());
    long offset = units << alignmentPower;
    return offset >>> alignmentPower == units ? offset : -1;
  }

  /** Puts an offset of a block into a buffer in this order. */
  void putPointer(ByteBuffer to, long offset) {
    long units = offset >>> alignmentPower;
    if (large) {
      to.putLong(units);
    } else {
      to.putInt((int) units);
    }
  }

  /** Whether a block can begin there: offsets of 4 bytes end at 64 GiB with the usual alignment. */
  boolean reaches(long offset) {
    return large || offset >>> alignmentPower <= 0xffff_ffffL;
  }
}
