package io.kumo.manager.rebalance;

/** What is to be started without anybody asking for it. */
public enum DueRebalance {
  /** Nothing. */
  NOTHING,
  /** What was given up, once more. */
  RETRY,
  /** A full rebalance: replicas may differ. */
  FULL
}
