package io.kumo.core.vote;

import io.kumo.core.ring.NodeAddress;

/**
 * A manager asks for a vote, or first whether it would get it.
 *
 * @param term that is to be promised; when it asks first, the term that it knows
 * @param cluster id of the cluster that it knows; 0 if it knows none
 * @param byOperator whether an operator has ordered it: then it need not be named by a view
 */
public record TermRequest(long term, NodeAddress candidate, long cluster, boolean byOperator) {}
