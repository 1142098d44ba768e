package io.kumo.core.rpc;

import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.ring.NodeAddress;

/**
 * How a manager or server introduces itself.
 *
 * @param address advertised; the node's name in the hash space
 * @param capabilities bit set of the extensions it speaks (u32)
 * @param incarnation random per process start, never 0
 * @param zone where a server is; empty for nowhere
 */
public record Identity(
    NodeAddress address, Role role, int capabilities, long incarnation, String zone) {
  /** Without a zone. */
  public Identity(NodeAddress address, Role role, int capabilities, long incarnation) {
    this(address, role, capabilities, incarnation, "");
  }

  /** How it introduces itself. */
  ClusterInit introduction() {
    return new ClusterInit(address, role, capabilities, incarnation, zone);
  }
}
