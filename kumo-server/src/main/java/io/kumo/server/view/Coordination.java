package io.kumo.server.view;

/**
 * What beside the installed view has to allow that this server coordinates a key. Asked for every
 * request, so nothing is allocated. Main loop only.
 */
public interface Coordination {
  /** Nothing: as long as views count by their ClockTimes. */
  Coordination BY_VIEW_ALONE = hash -> true;

  /** Whether this server may coordinate a key with this hash at this moment. */
  boolean covers(long hash);

  /** Whether it may tell what it has found since it was covered. */
  default boolean mayTell(long hash) {
    return covers(hash);
  }
}
