package io.kumo.it.sim;

/** How much a run may ask of the cluster, by what its faults leave of the promise. */
enum Promise {
  /** Processes die, hang and return, one server at a time: every key is linearizable. */
  LINEARIZABLE,
  /**
   * Servers are cut off while alive: reads may be old, but no acknowledged write is lost or
   * doubled.
   */
  WRITES,
  /** Managers are cut off from each other: the cluster converges, and that is all. */
  CONVERGENCE
}
