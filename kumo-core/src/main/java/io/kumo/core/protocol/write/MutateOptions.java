package io.kumo.core.protocol.write;

import io.kumo.core.protocol.Capabilities;

/** Bits of the options of a {@link Mutate}. The letters are those of memcached's meta commands. */
public final class MutateOptions {
  /** C: the compare counts even though it is 0. A compare other than 0 always counts. */
  public static final int COMPARE = 1;

  /**
   * I: SET with a compare that is less than the record's CAS stores the value as stale; DELETE
   * marks the record stale instead.
   */
  public static final int INVALIDATE = 1 << 1;

  /** x: DELETE empties the value and the flags, and keeps the record. */
  public static final int DROP_VALUE = 1 << 2;

  /** N: APPEND, PREPEND, INCR, DECR and META_GET create an absent record. */
  public static final int VIVIFY = 1 << 3;

  /** R: META_GET gives the right to recache when the record expires before the given time. */
  public static final int RECACHE = 1 << 4;

  /** T: META_GET, INCR, DECR and an invalidating or value-dropping DELETE set the expiry. */
  public static final int UPDATE_EXPIRY = 1 << 5;

  /** The result carries the item. */
  public static final int RETURN_VALUE = 1 << 6;

  /** Answer before the replicas have it. */
  public static final int ASYNC = 1 << 7;

  /** The payload of an original's record holds 2 bytes of flags (gateway option -F). */
  public static final int ORIGINAL_FLAGS = 1 << 8;

  /** The payload of an original's record holds 4 bytes of expiry (gateway option -E). */
  public static final int ORIGINAL_EXPIRY = 1 << 9;

  /** Write the original's record, not a kumo item. */
  public static final int WRITE_ORIGINAL = 1 << 10;

  /** An earlier attempt of this very request may have been applied. */
  public static final int REPEATED = 1 << 11;

  /** b: what SET, ADD and REPLACE store, or create, remembers that its key was given in base64. */
  public static final int KEY_BASE64 = 1 << 12;

  /**
   * The times of the {@link MutateOperands} are as clients send them: those up to 30 days count
   * from the coordinator's clock. Only to peers of {@link Capabilities#CLIENT_TIMES}.
   */
  public static final int CLIENT_TIMES = 1 << 13;

  /**
   * SET and TOUCH of an import: the new CAS is the version of what is imported, and anything newer
   * stays, tombstones and expired items included, see {@link io.kumo.core.item.Item#version}. The
   * status is then EXISTS and the CAS that version; a SET of the very version that is there is
   * answered likewise, one that is ahead of the coordinator's clock with NOT_STORED. Only to peers
   * of {@link Capabilities#IMPORTS}.
   */
  public static final int UNLESS_NEWER = 1 << 14;

  private MutateOptions() {}
}
