package io.kumo.manager.rebalance;

import io.kumo.core.ring.NodeAddress;

/**
 * A server that takes part in a replace.
 *
 * @param extended whether a request may be repeated to it without making it start over, and whether
 *     it can be asked how far it is
 */
public record Participant(NodeAddress server, boolean extended) {}
