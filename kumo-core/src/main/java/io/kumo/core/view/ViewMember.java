package io.kumo.core.view;

import io.kumo.core.ring.NodeAddress;

/**
 * What a view says of a server beyond its place on the ring.
 *
 * @param capabilities bit set, as the server announced it
 * @param incarnation random number of the process that the view was made for; 0 if unknown
 * @param zone as {@code --zone} of that process names it; empty for none. Where records are follows
 *     the zones of the hash spaces, which change when the server is attached
 */
public record ViewMember(NodeAddress address, int capabilities, long incarnation, String zone) {}
