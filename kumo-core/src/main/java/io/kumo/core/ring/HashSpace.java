package io.kumo.core.ring;

import io.kumo.core.clock.ClockTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a cluster, in the order in which they were attached, and the placement of keys on
 * them. Immutable. Every answer is computed when the hash space is made, so that asking costs one
 * look into a table and no allocation.
 *
 * <p>A key belongs to the first three distinct nodes from its hash on, fault ones included, as in
 * kumofs 0.4.13. The first active one in the write hash space is its coordinator.
 */
public final class HashSpace {
  /** Copies of a record, the coordinator's included. */
  public static final int REPLICAS = 3;

  private static final RingCache RINGS = new RingCache();

  public static final HashSpace EMPTY = of(List.of(), 0);

  private final List<Node> nodes;
  private final long clockTime;
  private final boolean empty;
  private final Map<NodeAddress, Node> byAddress;
  private final Ring ring;

  private HashSpace(List<Node> nodes, long clockTime, Ring ring) {
    this.nodes = nodes;
    this.clockTime = clockTime;
    this.ring = ring;
    this.empty = nodes.stream().noneMatch(Node::active);
    Map<NodeAddress, Node> map = new HashMap<>();
    nodes.forEach(node -> map.putIfAbsent(node.address(), node));
    this.byAddress = Map.copyOf(map);
  }

  /**
   * Computes the ring.
   *
   * @param clockTime when it changed last, a {@link io.kumo.core.clock.ClockTime}
   */
  public static HashSpace of(List<Node> nodes, long clockTime) {
    List<Node> copy = List.copyOf(nodes);
    return new HashSpace(copy, clockTime, RINGS.get(copy));
  }

  /** In the order of attachment. */
  public List<Node> nodes() {
    return nodes;
  }

  public long clockTime() {
    return clockTime;
  }

  /** Whether no node is active. */
  public boolean isEmpty() {
    return empty;
  }

  /** The first three distinct nodes from {@code hash} on, or fewer in a smaller cluster. */
  public List<Node> replicas(long hash) {
    return ring.placement(hash).replicas();
  }

  /** The first active one of the replicas; null if all are fault. */
  public @Nullable NodeAddress coordinator(long hash) {
    return ring.placement(hash).coordinator();
  }

  /** The active ones of the replicas, in ring order. */
  public List<NodeAddress> activeReplicas(long hash) {
    return ring.placement(hash).active();
  }

  public Optional<Node> find(NodeAddress address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  public boolean isActive(NodeAddress address) {
    Node node = byAddress.get(address);
    return node != null && node.active();
  }

  /** Whether there are keys of which this node is the only active replica. */
  public boolean isLastReplica(NodeAddress address) {
    return dump().stream()
        .map(point -> activeReplicas(point.hash()))
        .anyMatch(active -> active.size() == 1 && active.get(0).equals(address));
  }

  /** Whether this has nodes and is not older than {@code held}, or that has none. */
  public boolean supersedes(HashSpace held) {
    boolean older = ClockTime.isNewer(held.clockTime, clockTime);
    return !nodes.isEmpty() && (held.nodes.isEmpty() || !older);
  }

  /** Whether this has nodes, none of them active, and {@code held} has active ones. */
  boolean takesAllFrom(HashSpace held) {
    return !nodes.isEmpty() && empty && !held.empty;
  }

  /** Whether the node lists are the same, states and order included; ClockTimes may differ. */
  public boolean sameNodes(HashSpace other) {
    return nodes.equals(other.nodes);
  }

  /** With the node fault; this, when it is not an active node. */
  public HashSpace withFault(NodeAddress address, long newClockTime) {
    if (!isActive(address)) {
      return this;
    }
    return withState(address, false, newClockTime);
  }

  /** With the node active, appended if it is new; this, when it is active already. */
  public HashSpace withActive(NodeAddress address, long newClockTime) {
    Node known = byAddress.get(address);
    if (known == null) {
      List<Node> longer = new ArrayList<>(nodes);
      longer.add(new Node(address, true));
      return of(longer, newClockTime);
    }
    return known.active() ? this : withState(address, true, newClockTime);
  }

  /** Without the fault nodes; this, when there is none. */
  public HashSpace withoutFaults(long newClockTime) {
    List<Node> active = nodes.stream().filter(Node::active).toList();
    return active.size() == nodes.size() ? this : of(active, newClockTime);
  }

  public HashSpace withClockTime(long newClockTime) {
    return newClockTime == clockTime ? this : new HashSpace(nodes, newClockTime, ring);
  }

  private HashSpace withState(NodeAddress address, boolean active, long newClockTime) {
    List<Node> changed =
        nodes.stream()
            .map(node -> node.address().equals(address) ? new Node(address, active) : node)
            .toList();
    return of(changed, newClockTime);
  }

  /** All virtual nodes, ascending by unsigned hash, then address. */
  public List<VirtualNode> dump() {
    return ring.dump();
  }

  /** Same nodes and same ClockTime. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HashSpace space && space.clockTime == clockTime && sameNodes(space);
  }

  @Override
  public int hashCode() {
    return Objects.hash(nodes, clockTime);
  }

  @Override
  public String toString() {
    return nodes + "@" + Long.toUnsignedString(clockTime);
  }
}
