package io.kumo.manager.control;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.KeepAlive;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;

/**
 * The sessions of a manager and what every request to them carries. Confined to the manager's loop.
 */
final class Outgoing {
  private final RpcEndpoint endpoint;
  private final HybridClock clock;

  Outgoing(RpcEndpoint endpoint, HybridClock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  RpcEndpoint endpoint() {
    return endpoint;
  }

  HybridClock clock() {
    return clock;
  }

  Peer peer(NodeAddress address) {
    return endpoint.peer(address);
  }

  /** The {@code clock} of a message: a whole ClockTime for extended peers, else the counter. */
  long clockFor(Peer peer) {
    long now = clock.next();
    return Capabilities.isExtended(peer.capabilities()) ? now : Integer.toUnsignedLong((int) now);
  }

  KeepAlive keepAlive(Peer peer) {
    boolean extended = Capabilities.isExtended(peer.capabilities());
    long unixMs = extended ? endpoint.transport().time().unixMillis() : 0;
    return new KeepAlive(clockFor(peer), unixMs);
  }
}
