package io.kumo.server.store;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What is left of a scan: the records after a raw key, up to a hash. Immutable; stays valid over
 * writes and over a restart of the store.
 */
public final class Cursor {
  private static final byte[] NONE = {};

  private final long toHash;
  private final byte[] after;
  private final boolean inclusive;
  private final boolean done;

  private Cursor(long toHash, byte[] after, boolean inclusive, boolean done) {
    this.toHash = toHash;
    this.after = after;
    this.inclusive = inclusive;
    this.done = done;
  }

  /**
   * All records whose hash lies between the two, both included and unsigned. A range that wraps
   * around the ring is two cursors.
   */
  public static Cursor range(long fromHash, long toHash) {
    if (Long.compareUnsigned(fromHash, toHash) > 0) {
      throw new IllegalArgumentException("fromHash is above toHash");
    }
    return new Cursor(toHash, bytes(fromHash), true, false);
  }

  private static byte[] bytes(long hash) {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[i] = (byte) (hash >>> (56 - 8 * i));
    }
    return bytes;
  }

  /** The same range from this hash on. */
  public Cursor from(long hash) {
    return new Cursor(toHash, bytes(hash), true, false);
  }

  /** All records. */
  public static Cursor all() {
    return range(0, -1L);
  }

  /** The same range after this raw key, which the cursor keeps. */
  public Cursor after(byte[] rawKey) {
    return new Cursor(toHash, rawKey, false, false);
  }

  /** The same range with nothing left. */
  public Cursor exhausted() {
    return new Cursor(toHash, NONE, false, true);
  }

  /** Whether nothing is left. */
  public boolean isDone() {
    return done;
  }

  /** The last hash of the range. */
  public long toHash() {
    return toHash;
  }

  /** The lowest hash that the rest of the scan may still visit; meaningless when done. */
  public long fromHash() {
    long hash = 0;
    for (int i = 0; i < Math.min(Long.BYTES, after.length); i++) {
      hash |= (after[i] & 0xffL) << (56 - 8 * i);
    }
    return hash;
  }

  /** The raw key from which to go on; not copied. */
  public byte[] key() {
    return after;
  }

  /** Whether a record with exactly {@link #key()} is still to be visited. */
  public boolean isInclusive() {
    return inclusive;
  }

  /** Whether this raw key lies at or after the position of the cursor. */
  public boolean admits(byte[] rawKey) {
    int order = Arrays.compareUnsigned(rawKey, after);
    return inclusive ? order >= 0 : order > 0;
  }

  @Override
  public String toString() {
    return done
        ? "Cursor[done]"
        : "Cursor[%s %s to %016x]"
            .formatted(inclusive ? "from" : "after", HexFormat.of().formatHex(after), toHash);
  }
}
