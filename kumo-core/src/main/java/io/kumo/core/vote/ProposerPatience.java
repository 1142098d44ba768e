package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Proposer.Phase;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When a manager gives up what gets no further. */
final class ProposerPatience {
  /** After so many leases a director that gets no further steps down. */
  private static final int PATIENCE_LEASES = 3;

  private ProposerPatience() {}

  /**
   * Why a manager is to direct or ask no more, for the log; null if it is to go on, or does
   * neither.
   *
   * @param reachable nodes to which there is a connection, itself included
   */
  static @Nullable String endsBecause(
      Proposer manager, Collection<NodeAddress> reachable, long nowNs) {
    Publication out = manager.publication();
    long patienceNs = PATIENCE_LEASES * manager.newest().settings().leaseNs();
    boolean late = nowNs - (out == null ? manager.sinceNs() : out.sinceNs()) > patienceNs;
    if (manager.phase() == Phase.IDLE) {
      return null;
    } else if (manager.phase() != Phase.DIRECTING) {
      return late ? "no quorum has answered" : null;
    } else if (out != null && late) {
      return "view " + out.view().id() + " is not committed";
    }
    return hearsQuorum(needed(manager), reachable) ? null : "hears no quorum of its voters";
  }

  private static boolean hearsQuorum(ClusterView view, Collection<NodeAddress> reachable) {
    Set<Voter> heard =
        Stream.concat(view.voters().members().stream(), view.formerVoters().members().stream())
            .filter(voter -> reachable.contains(voter.address()))
            .collect(Collectors.toSet());
    return view.voters().isQuorum(heard);
  }

  /** Whose voters it takes: a first view that is out needs none of what was known before. */
  private static ClusterView needed(Proposer manager) {
    Publication out = manager.publication();
    boolean first = out != null && out.view().formerVoters().isNone();
    return first ? out.view() : manager.base();
  }
}
