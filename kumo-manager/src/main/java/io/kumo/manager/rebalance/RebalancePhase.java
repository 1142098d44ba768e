package io.kumo.manager.rebalance;

/** Where a replace stands. */
public enum RebalancePhase {
  /** No replace is running. */
  IDLE,
  /** Servers copy records to their new owners; reads follow the old layout. */
  COPYING,
  /** Reads follow the new layout; servers remove what they no longer own. */
  DELETING
}
