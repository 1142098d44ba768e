package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;

/** The sessions of a manager with servers and its partner. Calls return at once. */
public interface NodeLinks {
  /** Asks for a heartbeat, connecting to the node if need be; the answer comes as an event. */
  void keepAlive(NodeAddress node);

  /** Whether the node's process is known to be gone, and not only silent. */
  boolean isDead(NodeAddress node);

  /** Gives the session with a silent node up. */
  void drop(NodeAddress node, String reason);
}
