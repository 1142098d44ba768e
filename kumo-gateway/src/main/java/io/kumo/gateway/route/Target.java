package io.kumo.gateway.route;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import org.jspecify.annotations.Nullable;

/** A server to send to. Confined to its event loop. */
final class Target {
  private final NodeAddress address;
  private final Peer peer;
  private final boolean extended;

  /** The reads gathered for it in this batch of events. */
  @Nullable ReadBatch gathering;

  /**
   * @param extended whether it speaks the methods beyond kumofs 0.4.13
   */
  Target(NodeAddress address, Peer peer, boolean extended) {
    this.address = address;
    this.peer = peer;
    this.extended = extended;
  }

  NodeAddress address() {
    return address;
  }

  Peer peer() {
    return peer;
  }

  boolean extended() {
    return extended;
  }
}
