package io.kumo.server.scrub;

import java.nio.ByteBuffer;

/**
 * How far the present pass over all records has come, and what the last one found. It outlives the
 * process, so that a store that takes days is read to its end between restarts.
 *
 * @param nextHash where the present pass goes on, unsigned; 0 before it begins
 * @param damaged records that the present pass has found damaged
 * @param endedSeconds when the last pass ended, in Unix seconds; 0 for never
 * @param lastDamaged records that the last pass found damaged
 */
public record ScrubProgress(long nextHash, long damaged, long endedSeconds, long lastDamaged) {
  /** Of a store that was never read. */
  public static final ScrubProgress NONE = new ScrubProgress(0, 0, 0, 0);

  private static final int BYTES = 4 * Long.BYTES;
  private static final int PERCENT_SHIFT = 32;

  /** {@link #NONE} for bytes that cannot be read. */
  static ScrubProgress of(byte[] bytes) {
    if (bytes.length != BYTES) {
      return NONE;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new ScrubProgress(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(nextHash)
        .putLong(damaged)
        .putLong(endedSeconds)
        .putLong(lastDamaged)
        .array();
  }

  ScrubProgress at(long hash, long moreDamaged) {
    return new ScrubProgress(hash, damaged + moreDamaged, endedSeconds, lastDamaged);
  }

  ScrubProgress ended(long moreDamaged, long nowSeconds) {
    return new ScrubProgress(0, 0, nowSeconds, damaged + moreDamaged);
  }

  /** Of the present pass, from 0 to 99. */
  public long percent() {
    return ((nextHash >>> PERCENT_SHIFT) * 100) >>> PERCENT_SHIFT;
  }

  /** Whether the two are so far apart that the later one is worth a write to the disk. */
  boolean isFarFrom(ScrubProgress other) {
    return percent() != other.percent()
        || endedSeconds != other.endedSeconds
        || damaged != other.damaged;
  }
}
