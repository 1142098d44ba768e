package io.kumo.server.rebalance;

import io.kumo.core.ring.NodeAddress;

/**
 * How a server moves records.
 *
 * @param streamAddress where others fetch what is offered to them
 * @param memoryLimitBytes for data that waits for the network; 0 takes the default
 * @param bytesPerSecond of keys and values sent; 0 does not limit
 */
public record RebalanceSettings(
    NodeAddress streamAddress, long memoryLimitBytes, long bytesPerSecond) {
  Pace pace(long nowNs) {
    return new Pace(memoryLimitBytes, bytesPerSecond, nowNs);
  }
}
