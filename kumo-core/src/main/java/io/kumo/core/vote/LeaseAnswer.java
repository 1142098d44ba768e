package io.kumo.core.vote;

import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Voter;

/**
 * A voter grants a lease, or shows why not.
 *
 * @param newest that the voter knows and the holder does not; {@link ClusterView#NONE} if that is
 *     not the reason
 */
public record LeaseAnswer(Voter voter, boolean granted, ClusterView newest) {}
