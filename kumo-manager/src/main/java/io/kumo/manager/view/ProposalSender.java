package io.kumo.manager.view;

import io.kumo.core.transport.Transport;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Proposer;
import io.kumo.core.vote.ProposerAction;
import io.kumo.core.vote.Publication;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.voter.VoterService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sends what a {@link Proposer} wants to be sent, and sends again what is not answered.
 *
 * <p>Confined to the manager's loop.
 */
final class ProposalSender {
  /** Until a node that waits for leases to end is shown a view again. */
  private static final long WAITING_NS = Duration.ofMillis(30).toNanos();

  private final VoteCalls calls;
  private final VoterService voter;
  private final VoteRules rules;
  private final Transport transport;
  private final Supplier<Proposer> proposer;
  private boolean resending;

  /**
   * @param voter this manager's own vote
   * @param proposer as it stands when it is asked
   */
  ProposalSender(
      VoteCalls calls,
      VoterService voter,
      VoteRules rules,
      Transport transport,
      Supplier<Proposer> proposer) {
    this.calls = calls;
    this.voter = voter;
    this.rules = rules;
    this.transport = transport;
    this.proposer = proposer;
  }

  void send(ProposerAction action) {
    if (action instanceof ProposerAction.AskFirst ask) {
      calls.askFirst(ask.request());
    } else if (action instanceof ProposerAction.AskTerm ask) {
      calls.askTerm(ask.request());
    } else if (action instanceof ProposerAction.Publish publish) {
      calls.publish(publish.view(), publish.toManagers(), publish.toManagers() || isDecisive());
    } else if (action instanceof ProposerAction.Commit commit) {
      calls.commit(commit.view());
    }
  }

  /** Sends all that is not answered. */
  void resend() {
    for (ProposerAction action : proposer.get().outstanding()) {
      send(action);
    }
  }

  /** The same in a moment. */
  void resendSoon() {
    if (!resending) {
      resending = true;
      transport.schedule(WAITING_NS, this::resendWaiting);
    }
  }

  private void resendWaiting() {
    resending = false;
    resend();
  }

  /**
   * Whether this manager's own vote is all that is missing. It is asked last: a director that has
   * been cut off without knowing would keep a view that nobody else has seen, and bring it back.
   */
  boolean isDecisive() {
    Publication out = proposer.get().publication();
    if (out == null) {
      return false;
    }
    Set<Voter> withSelf = new HashSet<>(out.accepted());
    withSelf.add(voter.self());
    return rules.isCommitted(out.view(), withSelf);
  }
}
