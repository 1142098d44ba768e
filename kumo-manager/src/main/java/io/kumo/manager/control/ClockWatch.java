package io.kumo.manager.control;

import io.kumo.core.ring.NodeAddress;

/** Judges what keepalives show of the physical clocks of servers. */
public final class ClockWatch {
  private final MembershipControl membership;
  private final long maxSkewMs;

  public ClockWatch(MembershipControl membership, long maxSkewMs) {
    this.membership = membership;
    this.maxSkewMs = maxSkewMs;
  }

  void measured(NodeAddress node, long aheadMs) {
    membership.clockChecked(node, Math.abs(aheadMs) <= maxSkewMs, aheadMs);
  }
}
