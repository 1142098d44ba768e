package io.kumo.core.vote;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;

/**
 * What a voter says when it is asked for a term.
 *
 * @param granted whether it follows the one that asked, and nobody in a lower term
 * @param term the promised one, or the one that it had promised before
 * @param accepted newest view that it has accepted
 */
public record Promise(Voter voter, boolean granted, long term, ClusterView accepted) {}
