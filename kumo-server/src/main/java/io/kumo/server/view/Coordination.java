package io.kumo.server.view;

/**
 * What beside the installed view has to allow that this server coordinates a key. Asked for every
 * request, so nothing is allocated. Main loop only.
 */
public interface Coordination {
  /** Nothing: as long as views count by their ClockTimes. */
  Coordination BY_VIEW_ALONE = hash -> true;

  /** Whether views let this server coordinate a key with this hash, if it has leases. */
  boolean allows(long hash);

  /** Whether it has leases enough at this moment, for which clocks are read. */
  default boolean isHeld() {
    return true;
  }

  /** Whether this server may coordinate a key with this hash at this moment. */
  default boolean covers(long hash) {
    return allows(hash) && isHeld();
  }

  /** Whether it may tell what it has found since it was covered. */
  default boolean mayTell(long hash) {
    return covers(hash);
  }

  /** The same for all keys that were allowed before in this run of the main loop. */
  default boolean mayTellAll() {
    return isHeld();
  }
}
