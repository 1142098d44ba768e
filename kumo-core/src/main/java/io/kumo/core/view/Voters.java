package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who votes on a view, and how many of them decide. Immutable.
 *
 * <p>A quorum is more than half of the members; of four or more members also exactly half, if the
 * tie-breaker is among them. Any two quorums have a member in common: of two disjoint halves only
 * one has the tie-breaker.
 *
 * @param members by address, each address once
 * @param tieBreaker a member, or null if there is none
 */
public record Voters(List<Voter> members, @Nullable NodeAddress tieBreaker) {
  /** Nobody is to be asked: the voters before the first view. Everything is a quorum of them. */
  public static final Voters NONE = new Voters(List.of(), null);

  private static final int FEWEST_WITH_TIE_BREAKER = 4;

  public Voters {
    members = members.stream().sorted().toList();
    for (int i = 1; i < members.size(); i++) {
      if (members.get(i).address().equals(members.get(i - 1).address())) {
        throw new IllegalArgumentException(members.get(i).address() + " votes twice");
      }
    }
    if (tieBreaker != null && find(members, tieBreaker).isEmpty()) {
      throw new IllegalArgumentException(tieBreaker + " breaks ties and is no voter");
    }
  }

  public boolean isNone() {
    return members.isEmpty();
  }

  public boolean contains(Voter voter) {
    return members.contains(voter);
  }

  public Optional<Voter> find(NodeAddress address) {
    return find(members, address);
  }

  /** Whether these, of whom some may be no members, decide. */
  public boolean isQuorum(Collection<Voter> votes) {
    return isQuorum(votes, hasTieBreaker(votes));
  }

  /** Whether the member that breaks ties is among these. */
  public boolean hasTieBreaker(Collection<Voter> votes) {
    for (Voter member : members) {
      if (member.address().equals(tieBreaker)) {
        return votes.contains(member);
      }
    }
    return false;
  }

  /** The same for who knows already whether exactly half is enough. */
  public boolean isQuorum(Collection<Voter> votes, boolean halfIsEnough) {
    int count = 0;
    for (Voter member : members) {
      count += votes.contains(member) ? 1 : 0;
    }
    boolean half = 2 * count == members.size() && members.size() >= FEWEST_WITH_TIE_BREAKER;
    return isNone() || 2 * count > members.size() || (half && halfIsEnough);
  }

  /**
   * Whether every quorum has one of these: then no view can be committed without one of them. That
   * is so when the others are no quorum.
   */
  public boolean meetsEveryQuorum(Collection<Voter> some) {
    List<Voter> others = new ArrayList<>(members.size());
    for (Voter member : members) {
      if (!some.contains(member)) {
        others.add(member);
      }
    }
    return !isNone() && !isQuorum(others);
  }

  private static Optional<Voter> find(List<Voter> members, NodeAddress address) {
    return members.stream().filter(voter -> voter.address().equals(address)).findFirst();
  }
}
