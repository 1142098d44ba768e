package io.kumo.server.lifecycle;

/** What moves a replica from one {@link ReplicaState} to another. */
public enum ReplicaEvent {
  /** The installed view does not call this server active for writes. */
  VIEW_WITHOUT_IT,
  /** The installed view calls it active in the write hash space alone. */
  VIEW_FOR_WRITES,
  /** The installed view calls it active in both hash spaces. */
  VIEW_FOR_ALL,
  /** A director has records copied, by hash spaces that give this server its keys back. */
  COPY_STARTED,
  /** Nothing that is here can have been deleted and forgotten by the owners. */
  RECORDS_MAY_STAY,
  /** The owners have dropped tombstones that this server never had. */
  RECORDS_TOO_OLD,
  /** Everything from before is gone, durably. */
  WIPED,
  /** The process is to end, where views count by votes. */
  STOP_ORDERED
}
