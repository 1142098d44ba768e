package io.kumo.server.replica;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.repair.DigestRanges;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.ring.NodeAddress;

/**
 * What coordination needs of the network: to write to one replica, to ask it, and to hear what
 * became of it.
 */
public interface ReplicaCaller {
  /**
   * A peer of kumofs 0.4.13 is given what it understands of the message, whose buffers are
   * borrowed.
   */
  void replicate(NodeAddress replica, ExtReplicate message, long timeoutNs, ReplicaReply reply);

  /** Asks which records a replica has. */
  void list(NodeAddress replica, ListRecords message, long timeoutNs, ListReply reply);

  /** Asks what all that a server has in some ranges comes to. */
  void digest(NodeAddress server, DigestRanges message, long timeoutNs, DigestReply reply);

  /** Asks what a replica has of a key. */
  void fetch(NodeAddress replica, Fetch message, long timeoutNs, FetchReply reply);

  /**
   * Hands newer hash spaces to a node that fenced us off for want of them; best effort, unanswered.
   */
  void share(NodeAddress node, PublishedSpaces view);
}
