package io.kumo.core.vote;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.kumo.core.vote.Proposer.Phase;
import java.util.Set;

/** That a view is one that a proposer may publish: anything else is a bug of who made it. */
final class ProposalChecks {
  private ProposalChecks() {}

  /**
   * Of the first view of a cluster, or one by force.
   *
   * @throws IllegalStateException if it may not be published
   */
  static void first(Proposer by, ClusterView view) {
    boolean promised = by.phase() == Phase.FOUNDING || by.phase() == Phase.REQUESTING;
    check(promised && view.term() == by.term(), "no term for a first view", view);
    check(view.formerVoters().isNone(), "former voters of a first view", view);
    check(
        by.rules().mayName(view.voters(), Set.of(), by.votes()),
        "voters that did not promise",
        view);
  }

  /**
   * Of the view that follows what is committed.
   *
   * @throws IllegalStateException if it may not be published
   */
  static void next(Proposer by, ClusterView next) {
    check(by.mayPropose(), "not the time for a change", next);
    ClusterView base = by.base();
    ViewId following = new ViewId(by.term(), base.version() + 1);
    check(next.id().equals(following), "not the next version", next);
    check(next.formerVoters().equals(base.voters()), "other former voters", next);
    check(
        by.rules().mayName(next.voters(), base.voters().members(), by.votes()),
        "voters that have not promised the term",
        next);
  }

  private static void check(boolean holds, String what, ClusterView view) {
    if (!holds) {
      throw new IllegalStateException(what + ": " + view);
    }
  }
}
