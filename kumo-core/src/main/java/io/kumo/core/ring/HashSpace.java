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
 * <p>A key belongs to the first {@link #copies} distinct nodes from its hash on, fault ones
 * included. One is passed over while another node is in a zone that has fewer of the key's copies;
 * nodes without a zone are in one together. So three copies without zones are placed as in kumofs
 * 0.4.13. The first active one in the write hash space is the key's coordinator.
 */
public final class HashSpace {
  /** Copies of a record, the coordinator's included, unless an operator says otherwise. */
  public static final int DEFAULT_COPIES = 3;

  /** As many copies as there can be. */
  public static final int MAX_COPIES = 7;

  private static final RingCache RINGS = new RingCache();

  public static final HashSpace EMPTY = of(List.of(), 0);

  private final List<Node> nodes;
  private final long clockTime;
  private final int copies;
  private final boolean empty;
  private final Map<NodeAddress, Node> byAddress;
  private final Ring ring;

  private HashSpace(List<Node> nodes, long clockTime, int copies, Ring ring) {
    this.nodes = nodes;
    this.clockTime = clockTime;
    this.copies = copies;
    this.ring = ring;
    this.empty = nodes.stream().noneMatch(Node::active);
    Map<NodeAddress, Node> map = new HashMap<>();
    nodes.forEach(node -> map.putIfAbsent(node.address(), node));
    this.byAddress = map;
  }

  /** With {@link #DEFAULT_COPIES}. */
  public static HashSpace of(List<Node> nodes, long clockTime) {
    return of(nodes, clockTime, DEFAULT_COPIES);
  }

  /**
   * Computes the ring.
   *
   * @param clockTime when it changed last, a {@link io.kumo.core.clock.ClockTime}
   * @param copies of a record, 1 to {@link #MAX_COPIES}
   */
  public static HashSpace of(List<Node> nodes, long clockTime, int copies) {
    if (copies < 1 || copies > MAX_COPIES) {
      throw new IllegalArgumentException("no number of copies: " + copies);
    }
    List<Node> copy = List.copyOf(nodes);
    return new HashSpace(copy, clockTime, copies, RINGS.get(copy, copies));
  }

  /** In the order of attachment. */
  public List<Node> nodes() {
    return nodes;
  }

  public long clockTime() {
    return clockTime;
  }

  /** How many servers keep a record where there are so many; the same for as long as data is. */
  public int copies() {
    return copies;
  }

  /** Whether kumofs 0.4.13 would place keys as this does: three copies, and no zones. */
  public boolean isPlain() {
    return copies == DEFAULT_COPIES && nodes.stream().allMatch(node -> node.zone().isEmpty());
  }

  /** Whether no node is active. */
  public boolean isEmpty() {
    return empty;
  }

  /** The nodes that a key belongs to, in order; all of them in a smaller cluster. */
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
    return copies == other.copies && nodes.equals(other.nodes);
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
      return of(longer, newClockTime, copies);
    }
    return known.active() ? this : withState(address, true, newClockTime);
  }

  /** With a node of the list in a zone; this, when it is there already, or not in the list. */
  public HashSpace withZone(NodeAddress address, String zone, long newClockTime) {
    Node known = byAddress.get(address);
    if (known == null || known.zone().equals(zone)) {
      return this;
    }
    return with(new Node(address, known.active(), zone), newClockTime);
  }

  /** With so many copies of each record; this, when it has as many. */
  public HashSpace withCopies(int newCopies, long newClockTime) {
    return newCopies == copies ? this : of(nodes, newClockTime, newCopies);
  }

  /** Without the fault nodes; this, when there is none. */
  public HashSpace withoutFaults(long newClockTime) {
    List<Node> active = nodes.stream().filter(Node::active).toList();
    return active.size() == nodes.size() ? this : of(active, newClockTime, copies);
  }

  public HashSpace withClockTime(long newClockTime) {
    return newClockTime == clockTime ? this : new HashSpace(nodes, newClockTime, copies, ring);
  }

  private HashSpace withState(NodeAddress address, boolean active, long newClockTime) {
    return with(new Node(address, active, byAddress.get(address).zone()), newClockTime);
  }

  private HashSpace with(Node changed, long newClockTime) {
    NodeAddress address = changed.address();
    List<Node> all =
        nodes.stream().map(node -> node.address().equals(address) ? changed : node).toList();
    return of(all, newClockTime, copies);
  }

  /** All virtual nodes, ascending by unsigned hash, then address. */
  public List<VirtualNode> dump() {
    return ring.dump();
  }

  /** Same nodes, as many copies and same ClockTime. */
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
    String many = copies == DEFAULT_COPIES ? "" : " x" + copies;
    return nodes + many + "@" + Long.toUnsignedString(clockTime);
  }
}
