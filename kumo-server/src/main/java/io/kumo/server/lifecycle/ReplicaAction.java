package io.kumo.server.lifecycle;

/** What is to be done when a replica passes from one {@link ReplicaState} to another. */
public enum ReplicaAction {
  /**
   * Everything that is here now counts as being from before: no write of the cluster reaches a
   * server that knows itself to be fault.
   */
  NOTE_NEWEST_RECORD,
  /** Ask the owners up to where they have dropped tombstones. */
  ASK_OWNERS,
  /** Ask them anew, unless records are still being removed for an earlier question. */
  ASK_OWNERS_AGAIN,
  /** Keep a copy of the records from before, and remove them. */
  WIPE,
  /** Run what waited until the records from before were known to be good, or gone. */
  RELEASE_WAITING
}
