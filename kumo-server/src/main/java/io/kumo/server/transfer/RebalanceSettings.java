package io.kumo.server.transfer;

import io.kumo.core.ring.NodeAddress;
import java.util.function.LongSupplier;

/**
 * How a server moves records.
 *
 * @param streamAddress where others fetch what is offered to them
 * @param memoryLimitBytes for data that waits for the network; 0 takes the default
 * @param pace how fast, at any moment
 * @param served requests of clients so far, to whom the moving of records gives way; any thread
 */
public record RebalanceSettings(
    NodeAddress streamAddress, long memoryLimitBytes, MovePace pace, LongSupplier served) {
  public CopyThrottle copyThrottle(long nowNs) {
    return new CopyThrottle(memoryLimitBytes, pace, backgroundThrottle(nowNs), nowNs);
  }

  public BackgroundThrottle backgroundThrottle(long nowNs) {
    return new BackgroundThrottle(served, pace, nowNs);
  }
}
