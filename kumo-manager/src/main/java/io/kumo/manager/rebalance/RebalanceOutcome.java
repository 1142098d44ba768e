package io.kumo.manager.rebalance;

/** How the last replace ended. */
public enum RebalanceOutcome {
  /** None has ended yet. */
  NONE,
  /** Every server finished both phases. */
  FINISHED,
  /** Servers stopped making progress; it will be tried again. */
  ABANDONED,
  /** An operator had the former layout put back. */
  CANCELLED
}
