package io.kumo.core.protocol;

import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.ring.NodeAddress;

/**
 * What managers know of a node beyond the hash space.
 *
 * @param capabilities bit set of {@link Capabilities}; they end with the incarnation
 * @param incarnation see {@link ClusterInit}
 * @param zone see {@link ClusterInit}
 */
public record NodeExtras(NodeAddress address, int capabilities, long incarnation, String zone) {
  /** Without a zone. */
  public NodeExtras(NodeAddress address, int capabilities, long incarnation) {
    this(address, capabilities, incarnation, "");
  }
}
