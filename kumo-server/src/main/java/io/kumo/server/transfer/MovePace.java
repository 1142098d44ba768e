package io.kumo.server.transfer;

import io.kumo.core.view.StandingOrders;

/**
 * How fast this server moves records for a rebalance: what its operator has set, and what holds for
 * the cluster besides. Any thread.
 */
public final class MovePace {
  private volatile long ownBytesPerSecond;
  private volatile StandingOrders orders = StandingOrders.NONE;

  /**
   * @param ownBytesPerSecond of keys and values sent; 0 does not limit
   */
  public MovePace(long ownBytesPerSecond) {
    this.ownBytesPerSecond = ownBytesPerSecond;
  }

  /** What the installed view says. */
  public void follow(StandingOrders ofCluster) {
    orders = ofCluster;
  }

  /** What holds where the cluster says nothing. */
  public void setOwn(long bytesPerSecond) {
    ownBytesPerSecond = bytesPerSecond;
  }

  public long own() {
    return ownBytesPerSecond;
  }

  /** 0 does not limit. */
  long bytesPerSecond() {
    long ordered = orders.bytesPerSecond();
    return ordered > 0 ? ordered : ownBytesPerSecond;
  }

  /** Whether nothing is to be moved. */
  boolean isPaused() {
    return orders.rebalancePaused();
  }
}
