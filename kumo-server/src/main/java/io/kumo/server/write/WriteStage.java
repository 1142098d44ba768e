package io.kumo.server.write;

/** The life of a write; it only moves down this list, but for {@link PendingWrite#rewind}. */
enum WriteStage {
  /** Waits behind another write of its key, or for the newest record of it. */
  WAITING,
  /** Its record goes to the replicas, and then into the store here. */
  REPLICATING,
  /** Readable here, waits for the disk. */
  APPLIED,
  /** Ended, leaving nothing open. */
  DONE,
  /** Ended, and some replicas may have the record and others not. */
  IN_DOUBT
}
