package io.kumo.core.protocol.write;

import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;

/** What became of a {@link Mutate}. */
public enum MutateStatus {
  /** It took effect: the record, or its tombstone, is on every active replica. */
  STORED(0),
  /** It succeeded and nothing had to be written. */
  OK(1),
  /** The record was there and should not be, or the other way round. */
  NOT_STORED(2),
  /** The record has another CAS than the one to compare with. */
  EXISTS(3),
  /** There is no record. */
  NOT_FOUND(4),
  /** The value is not a decimal number of 64 bits. */
  NON_NUMERIC(5),
  /** The value would be too long; the record stays as it was. */
  TOO_LARGE(6),
  /** The receiver is not the coordinator; nothing was done, and the view says why. */
  REFUSED(7),
  /** Unknown: maybe stored. */
  FAILED(8);

  private static final MutateStatus[] BY_ID = values();

  private final int id;

  MutateStatus(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  static MutateStatus byId(long id) throws MalformedMessageException {
    return Ids.find(BY_ID, id, "mutate status");
  }
}
