package io.kumo.manager.membership;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;

/** What the decisions of a manager cause outside. Calls return at once; answers come as events. */
public interface ManagerOutbox {
  /** Asks a server or the partner for a heartbeat, connecting to it if need be. */
  void keepAlive(NodeAddress node);

  /** Whether the node's process is known to be gone, and not only silent. */
  boolean isDead(NodeAddress node);

  /** Gives the session with a silent node up. */
  void drop(NodeAddress node, String reason);

  /**
   * Makes the present hash spaces known: first to the partner, and once it has answered or taken
   * too long to servers, then to gateways.
   *
   * @param toldServers run when the servers have been sent them
   */
  void publish(Runnable toldServers);

  /** Sends the present hash spaces to the partner alone. */
  void syncPartner();

  void startCopy(NodeAddress server, HashSpace write, boolean full);

  void startDelete(NodeAddress server, HashSpace write);

  /** Asks an extended server how far it is with the running phase. */
  void askProgress(NodeAddress server);
}
