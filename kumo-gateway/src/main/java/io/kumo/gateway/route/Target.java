package io.kumo.gateway.route;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;

/**
 * A server to send to.
 *
 * @param extended whether it speaks the methods beyond kumofs 0.4.13
 */
record Target(NodeAddress address, Peer peer, boolean extended) {}
