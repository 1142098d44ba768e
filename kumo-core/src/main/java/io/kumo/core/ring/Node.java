package io.kumo.core.ring;

/**
 * A server in a hash space. A fault node ({@code active} false) keeps its place on the ring and is
 * skipped.
 *
 * @param zone by which its place was chosen; empty for none
 */
public record Node(NodeAddress address, boolean active, String zone) {
  /** Without a zone. */
  public Node(NodeAddress address, boolean active) {
    this(address, active, "");
  }
}
