package io.kumo.manager.session;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.RpcEndpoint;
import java.util.function.LongSupplier;

/**
 * The sessions of a manager and what every request to them carries. Confined to the manager's loop.
 */
public final class NodeSessions {
  private final RpcEndpoint endpoint;
  private final HybridClock clock;
  private final LongSupplier writeClockTime;

  /**
   * @param writeClockTime of the write hash space that is installed here, 0 while it knows of none
   *     or has others to decide
   */
  public NodeSessions(RpcEndpoint endpoint, HybridClock clock, LongSupplier writeClockTime) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.writeClockTime = writeClockTime;
  }

  public RpcEndpoint endpoint() {
    return endpoint;
  }

  public HybridClock clock() {
    return clock;
  }

  public Peer peer(NodeAddress address) {
    return endpoint.peer(address);
  }

  /** Whether the node's process is known to be gone, and not only silent. */
  public boolean isDead(NodeAddress node) {
    return peer(node).isDead();
  }

  /** The {@code clock} of a message: a whole ClockTime for extended peers, else the counter. */
  public long clockFor(Peer peer) {
    long now = clock.next();
    return Capabilities.isExtended(peer.capabilities()) ? now : Integer.toUnsignedLong((int) now);
  }

  KeepAlive keepAlive(Peer peer) {
    if (!Capabilities.isExtended(peer.capabilities())) {
      return new KeepAlive(clockFor(peer), 0);
    }
    long unixMs = endpoint.transport().time().unixMillis();
    return new KeepAlive(clockFor(peer), unixMs, writeClockTime.getAsLong());
  }
}
