package io.kumo.server.replicate;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.ExtReplicate;
import io.kumo.core.ring.NodeAddress;

/**
 * What the coordinator needs of the network: to write to one replica and hear what became of it.
 */
public interface ReplicaCaller {
  /** Longest form: a peer of the original is given what it understands of the message. */
  void replicate(NodeAddress replica, ExtReplicate message, long timeoutNs, ReplicaReply reply);

  /**
   * Hands newer hash spaces to a node that fenced us off for want of them; best effort, unanswered.
   */
  void share(NodeAddress node, ClusterView view);
}
