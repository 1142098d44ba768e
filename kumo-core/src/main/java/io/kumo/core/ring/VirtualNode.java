package io.kumo.core.ring;

/** One of the 128 points of a node on the ring; {@code hash} is unsigned. */
public record VirtualNode(long hash, Node node) {}
