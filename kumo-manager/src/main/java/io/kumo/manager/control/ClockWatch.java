package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;

/**
 * Compares the physical clocks of servers with this manager's at every keepalive. The way of the
 * message counts as skew, so the bound is not to be chosen below a second.
 */
final class ClockWatch {
  private final MembershipControl membership;
  private final TimeSource time;
  private final long maxSkewMs;

  ClockWatch(MembershipControl membership, TimeSource time, long maxSkewMs) {
    this.membership = membership;
    this.time = time;
    this.maxSkewMs = maxSkewMs;
  }

  void check(NodeAddress server, long unixMs) {
    long skewMs = unixMs - time.unixMillis();
    membership.clockChecked(server, Math.abs(skewMs) <= maxSkewMs, skewMs);
  }
}
