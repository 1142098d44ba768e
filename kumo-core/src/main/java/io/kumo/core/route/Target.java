package io.kumo.core.route;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import org.jspecify.annotations.Nullable;

/** A server to send to. Confined to its event loop. */
final class Target {
  private final NodeAddress address;
  private final Peer peer;
  private final int capabilities;

  /** The reads gathered for it in this batch of events. */
  @Nullable ReadBatch gathering;

  /**
   * @param capabilities bits of {@link Capabilities}
   */
  Target(NodeAddress address, Peer peer, int capabilities) {
    this.address = address;
    this.peer = peer;
    this.capabilities = capabilities;
  }

  NodeAddress address() {
    return address;
  }

  Peer peer() {
    return peer;
  }

  /** Whether it speaks the methods beyond kumofs 0.4.13. */
  boolean extended() {
    return Capabilities.isExtended(capabilities);
  }

  /** Whether it can tell what is imported from what is newer. */
  boolean imports() {
    return Capabilities.imports(capabilities);
  }

  /** Whether it counts relative expiry times, and hides what has expired, by its own clock. */
  boolean countsClientTimes() {
    return Capabilities.countsClientTimes(capabilities);
  }
}
