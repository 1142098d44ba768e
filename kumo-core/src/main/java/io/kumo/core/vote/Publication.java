package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A view that is being published. Immutable.
 *
 * @param needed who has to accept it beside the quorums: both managers for the first view; they and
 *     every server for one that turns votes on
 * @param managersFirst whether servers may not see it yet: the managers among {@code needed} have
 *     not all accepted it
 * @param accepted who has
 * @param sinceNs when it was published first
 */
public record Publication(
    ClusterView view,
    List<NodeAddress> needed,
    boolean managersFirst,
    Set<Voter> accepted,
    long sinceNs) {
  public Publication {
    needed = List.copyOf(needed);
    accepted = Collections.unmodifiableSet(new TreeSet<>(accepted));
  }

  static Publication of(ClusterView view, List<NodeAddress> needed, long nowNs) {
    return new Publication(view, needed, false, Set.of(), nowNs);
  }

  Publication acceptedBy(Voter voter) {
    Set<Voter> more = new TreeSet<>(accepted);
    more.add(voter);
    Publication next = new Publication(view, needed, managersFirst, more, sinceNs);
    boolean hidden = managersFirst && !next.hasAll(next.neededManagers());
    return new Publication(view, needed, hidden, more, sinceNs);
  }

  private List<NodeAddress> neededManagers() {
    return needed.stream().filter(view.electorate()::names).toList();
  }

  private boolean hasAll(List<NodeAddress> nodes) {
    List<NodeAddress> have = accepted.stream().map(Voter::address).toList();
    return have.containsAll(nodes);
  }

  boolean isCommitted(VoteRules rules) {
    Collection<Voter> votes = accepted;
    return hasAll(needed) && rules.isCommitted(view, votes);
  }
}
