package io.kumo.core.route;

/** What is counted on the way to servers. */
public enum RouteEvent {
  /** An attempt ended in an error of the server or the connection. */
  SERVER_ERROR,
  /** An attempt was refused by a server that knew other hash spaces. */
  REFUSAL,
  /** Another replica was read because the coordinator did not answer. */
  FALL_THROUGH_READ,
  /** A read was not sent because whoever asked has gone. */
  ABANDONED_READ,
  /** Nothing was left to try for a key. */
  FAILURE,
  /** A coordinator is to compare the replicas of a key that was read past it. */
  READ_REPAIR_QUEUED,
  /** The coordinator was asked to. */
  READ_REPAIR_SENT,
  /** There were too many such keys, or the coordinator stayed away. */
  READ_REPAIR_DROPPED,
  /** A read was sent with the version of a cached copy. */
  CACHE_VALIDATION,
  /** The cached copy was the newest record. */
  CACHE_HIT,
  /** A read found no copy in the cache. */
  CACHE_MISS,
  /** A server of kumofs 0.4.13 hides a tombstone that is in the way of a write. */
  TOMBSTONE_SEARCH
}
