package io.kumo.core.protocol.write;

import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;

/**
 * What a {@link Mutate} does to a record; memcached 1.6's commands. In all of them an expired,
 * deleted or flushed record counts as absent.
 */
public enum Operation {
  /** Store; with a compare, only over the record of that CAS. */
  SET(0),
  /** Store if absent; ignores a compare. */
  ADD(1),
  /** Store if present; with a compare as {@link #SET} with one. */
  REPLACE(2),
  /** Add the value behind that of the record, whose flags and expiry stay. */
  APPEND(3),
  /** Add the value in front of that of the record, whose flags and expiry stay. */
  PREPEND(4),
  /** Leave a tombstone, or mark stale, or drop the value: see {@link MutateOptions}. */
  DELETE(5),
  /** Add to a decimal number, wrapping at 2^64; flags and expiry stay. */
  INCR(6),
  /** Subtract from a decimal number, not below 0; flags and expiry stay. */
  DECR(7),
  /** Set the expiry. */
  TOUCH(8),
  /** Set the expiry and return the item. */
  GET_AND_TOUCH(9),
  /** Return the item; may create it, set its expiry, or give the right to recache it. */
  META_GET(10);

  private static final Operation[] BY_ID = values();

  private final int id;

  Operation(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  static Operation byId(long id) throws MalformedMessageException {
    return Ids.find(BY_ID, id, "operation");
  }
}
