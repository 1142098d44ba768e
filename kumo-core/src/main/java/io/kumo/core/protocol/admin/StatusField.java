package io.kumo.core.protocol.admin;

import org.jspecify.annotations.Nullable;

/** What {@link GetStatus} can ask a server. */
public enum StatusField {
  /** Process id, u32. */
  PID(0),
  /** Seconds since the start, unsigned. */
  UPTIME(1),
  /** Unix seconds, unsigned. */
  TIME(2),
  /** A text, as a raw. */
  VERSION(3),
  /** Reads answered, u64; replicas do not count. */
  COUNT_GET(4),
  /** Writes coordinated, u64. */
  COUNT_SET(5),
  /** Deletes coordinated, u64. */
  COUNT_DELETE(6),
  /** Records, tombstones included, u64. */
  ITEMS(7),
  /** The server's ClockTime, u64. */
  CLOCK_TIME(8),
  /** The read hash space. */
  READ_HASH_SPACE(9),
  /** The write hash space. */
  WRITE_HASH_SPACE(10),
  /** Bits: 1 not active, 2 hash spaces differ, 4 copying, 8 deleting. */
  REPLACE_STATE(11);

  /** Bit of {@link #REPLACE_STATE}: the server is not active in the write hash space. */
  public static final int INACTIVE = 1;

  /** Bit of {@link #REPLACE_STATE}: read and write hash space have different nodes. */
  public static final int SPACES_DIFFER = 2;

  /** Bit of {@link #REPLACE_STATE}: records are being scanned for copying. */
  public static final int COPYING = 4;

  /** Bit of {@link #REPLACE_STATE}: records are being dropped. */
  public static final int DELETING = 8;

  private static final StatusField[] BY_ID = values();

  private final int id;

  StatusField(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  /** Null for a number that is not known. */
  public static @Nullable StatusField byId(int id) {
    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
  }
}
