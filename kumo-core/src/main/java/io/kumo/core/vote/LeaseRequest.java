package io.kumo.core.vote;

import io.kumo.core.view.ViewId;
import io.kumo.core.view.Voter;

/**
 * A server asks a voter for a lease, or for a longer one.
 *
 * @param process see {@link VoteState}
 * @param named newest view that the server has noted
 * @param cluster that it belongs to
 */
public record LeaseRequest(Voter holder, long process, ViewId named, long cluster) {}
