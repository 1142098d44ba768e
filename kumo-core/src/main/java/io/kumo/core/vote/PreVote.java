package io.kumo.core.vote;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;

/**
 * Whether a voter would have a manager as director. It promises nothing.
 *
 * @param granted whether it hears no director and knows the manager
 * @param term that it has promised
 * @param accepted newest view that it has accepted
 */
public record PreVote(Voter voter, boolean granted, long term, ClusterView accepted) {}
