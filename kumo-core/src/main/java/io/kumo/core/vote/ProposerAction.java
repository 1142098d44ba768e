package io.kumo.core.vote;

import io.kumo.core.view.ClusterView;

/** What a {@link Proposer} wants to be sent, or said. */
public sealed interface ProposerAction {
  /** To every node that may be a voter, itself included: {@link PreVote} is the answer. */
  record AskFirst(TermRequest request) implements ProposerAction {}

  /** To every node that may be a voter, itself included: {@link Promise} is the answer. */
  record AskTerm(TermRequest request) implements ProposerAction {}

  /**
   * To all servers, the partner and itself: {@link Acceptance} is the answer.
   *
   * @param toManagers whether servers may not see it yet
   */
  record Publish(ClusterView view, boolean toManagers) implements ProposerAction {}

  /** To all servers, the partner, itself and the gateways; then it is to be installed. */
  record Commit(ClusterView view) implements ProposerAction {}

  /** The manager directs no more, or gives up trying; for the log. */
  record StepDown(String reason) implements ProposerAction {}
}
