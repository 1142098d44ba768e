package io.kumo.core.bug;

import org.jspecify.annotations.Nullable;

/**
 * Mistakes of the original, or of a careless hand, that the decisions can be made to commit. Off in
 * every program: only the simulator calls {@link #plant}, to prove that its checker finds each.
 *
 * <p>Confined to the one thread that the simulation runs on.
 */
public enum KnownBug {
  /** A coordinator answers STORED before its replicas have the record. */
  ACKNOWLEDGE_EARLY,
  /** ClockTimes within 5 s are compared by their counters alone, as in kumofs 0.4.13. */
  ORIGINAL_CLOCK_ORDER,
  /** A replica that has something newer counts as one that stored the record. */
  NEWER_IS_ACKNOWLEDGEMENT,
  /** A replica takes records from whoever takes itself for the coordinator. */
  NO_FENCE,
  /** A new coordinator does not ask the other replicas for what it may have missed. */
  NO_TAKEOVER,
  /** A write can be read before its replicas have it. */
  DIRTY_READS,
  /** A repeated request has a new id, so that it may be done twice. */
  RETRY_WITHOUT_ID,
  /** A new coordinator in a rebalance does not fetch a key before it uses it. */
  NO_PULL,
  /** Only the first owner copies a key to its new owners. */
  FIRST_OWNER_COPIES,
  /** Tombstones are dropped while a replica may still have what they delete. */
  TOMBSTONES_DROPPED_EARLY,
  /** A server that returns is taken for one that never left. */
  RETURNING_SERVER_TRUSTED,
  /** A manager that starts goes by what the first server shows it, and waits for no other. */
  COLD_START_WITHOUT_WAITING;

  private static @Nullable KnownBug planted;

  /** Switches one bug on, or with null all off. */
  public static void plant(@Nullable KnownBug bug) {
    planted = bug;
  }

  public boolean isPlanted() {
    return planted == this;
  }
}
