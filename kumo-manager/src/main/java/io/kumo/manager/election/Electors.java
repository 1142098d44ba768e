package io.kumo.manager.election;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of the nodes that vote: under which ids they do, and which of them belong to
 * another cluster. Confined to one thread.
 */
public final class Electors {
  private final Map<NodeAddress, Voter> present = new TreeMap<>();
  private final Set<NodeAddress> foreign = new HashSet<>();
  private ClusterView givenUp = ClusterView.NONE;

  /** A node has answered. */
  public void heard(NodeAddress node, Voter voter) {
    present.put(node, voter);
  }

  /** The session with a node has ended; it may come back as another voter. */
  public void lost(NodeAddress node) {
    present.remove(node);
    foreign.remove(node);
  }

  /** Whether the node has said what it knows. */
  public boolean hasHeard(NodeAddress node) {
    return present.containsKey(node);
  }

  /** The node belongs to another cluster; whether that is news. */
  public boolean addForeign(NodeAddress node) {
    return foreign.add(node);
  }

  /** The node has gone over to this cluster. */
  public void admit(NodeAddress node) {
    foreign.remove(node);
  }

  /** An operator has said that no quorum of this view, or of those before it, will come back. */
  public void giveUp(ClusterView view) {
    givenUp = view;
  }

  public boolean isForeign(NodeAddress node) {
    return foreign.contains(node);
  }

  /**
   * Whether a view can never be followed by another: it has been given up, or each server that
   * votes on it, and each that voted on the one before, is there and has lost that vote. Managers
   * alone are no quorum.
   */
  public boolean isDead(ClusterView view) {
    if (!view.isNone() && !view.isNewerThan(givenUp) && !givenUp.isNone()) {
      return true;
    }
    Set<Voter> servers = new HashSet<>(view.voters().members());
    servers.addAll(view.formerVoters().members());
    servers.removeIf(voter -> view.electorate().names(voter.address()));
    return !servers.isEmpty() && servers.stream().allMatch(this::hasLostItsVote);
  }

  private boolean hasLostItsVote(Voter voter) {
    Voter now = present.get(voter.address());
    return now != null && now.id() != voter.id();
  }
}
