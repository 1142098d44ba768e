package io.kumo.core.ring;

/**
 * A server in a hash space. A fault node ({@code active} false) keeps its place on the ring and is
 * skipped.
 */
public record Node(NodeAddress address, boolean active) {}
