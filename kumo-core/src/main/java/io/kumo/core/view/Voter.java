package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;

/**
 * Who votes, or holds a lease: a node with the vote that it keeps.
 *
 * @param id random, drawn when the node first kept a vote at this address; whoever has lost that
 *     vote draws another one, and is another voter
 */
public record Voter(NodeAddress address, long id) implements Comparable<Voter> {
  @Override
  public int compareTo(Voter other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Long.compareUnsigned(id, other.id);
  }

  @Override
  public String toString() {
    return address + "#" + Long.toHexString(id);
  }
}
