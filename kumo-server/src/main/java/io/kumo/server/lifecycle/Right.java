package io.kumo.server.lifecycle;

/** What a replica may do or not: see {@link ReplicaLifecycle#may}. */
public enum Right {
  /** Answer reads of the keys that it coordinates. */
  READ,
  /** Order and acknowledge the writes of the keys that it coordinates. */
  COORDINATE,
  /** Store what a key's coordinator sends. */
  REPLICATE,
  /** Show a key's coordinator the records that it has. */
  SHOW,
  /** Confirm to others that a record is here, so that they may remove theirs. */
  CONFIRM,
  /** Give its records to others in a copy phase. */
  OFFER,
  /** Be given records in a copy phase. */
  RECEIVE,
  /** Raise its applied watermark, as every write that concerns it has to reach it. */
  RAISE_WATERMARK
}
