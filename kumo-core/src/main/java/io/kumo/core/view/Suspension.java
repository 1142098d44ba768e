package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;

/**
 * A server that an operator has taken out for maintenance, to be taken in again later.
 *
 * @param untilSeconds when at the latest, Unix seconds
 */
public record Suspension(NodeAddress server, long untilSeconds) {}
