package io.kumo.core.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The virtual nodes of a list of nodes, and the placement that belongs to each. Immutable.
 *
 * <p>Hashes are spread evenly, so a table of at least twice as many prefixes as virtual nodes leads
 * to within a step or two of the one that is looked for; a binary search mispredicts at each step.
 */
final class Ring {
  private static final int VIRTUAL_NODES = 128;

  private static final Placement NOWHERE = new Placement(List.of(), List.of(), null);

  private static final Comparator<VirtualNode> BY_HASH =
      ((Comparator<VirtualNode>) (a, b) -> Long.compareUnsigned(a.hash(), b.hash()))
          .thenComparing(v -> v.node().address());

  /** Who keeps the keys of one range. */
  record Placement(
      List<Node> replicas, List<NodeAddress> active, @Nullable NodeAddress coordinator) {}

  private final List<VirtualNode> virtualNodes;

  /** Hashes with the sign bit flipped, so that signed order is the unsigned one. */
  private final long[] flippedHashes;

  private final Placement[] placements;

  /** By the leading bits of a hash: where the first virtual node with these bits or more lies. */
  private final int[] firstOfPrefix;

  private final int prefixShift;

  Ring(List<Node> nodes, int copies) {
    List<VirtualNode> all = new ArrayList<>(nodes.size() * VIRTUAL_NODES);
    nodes.forEach(node -> addVirtualNodes(node, all));
    all.sort(BY_HASH);
    virtualNodes = List.copyOf(all);
    flippedHashes = virtualNodes.stream().mapToLong(v -> flip(v.hash())).toArray();
    placements = placements(virtualNodes, new ZoneSpread(nodes, copies));
    int prefixBits = Integer.SIZE - Integer.numberOfLeadingZeros(flippedHashes.length) + 1;
    prefixShift = Long.SIZE - prefixBits;
    firstOfPrefix = new int[1 << prefixBits];
    int at = 0;
    for (int prefix = 0; prefix < firstOfPrefix.length; prefix++) {
      long least = flip((long) prefix << prefixShift);
      while (at < flippedHashes.length && flippedHashes[at] < least) {
        at++;
      }
      firstOfPrefix[prefix] = at;
    }
  }

  /** The hash of the address, the hash of that hash's 8 bytes, and so on. */
  private static void addVirtualNodes(Node node, List<VirtualNode> to) {
    long hash = KeyHash.of(node.address().toBytes());
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < VIRTUAL_NODES; i++) {
      to.add(new VirtualNode(hash, node));
      hash = KeyHash.of(bytes.putLong(0, hash).array());
    }
  }

  private static Placement[] placements(List<VirtualNode> virtualNodes, ZoneSpread spread) {
    Map<List<Node>, Placement> shared = new HashMap<>();
    Placement[] placements = new Placement[virtualNodes.size()];
    for (int i = 0; i < placements.length; i++) {
      placements[i] = shared.computeIfAbsent(spread.choose(virtualNodes, i), Ring::placement);
    }
    return placements;
  }

  private static Placement placement(List<Node> replicas) {
    List<NodeAddress> active = replicas.stream().filter(Node::active).map(Node::address).toList();
    return new Placement(replicas, active, active.isEmpty() ? null : active.get(0));
  }

  Placement placement(long hash) {
    if (placements.length == 0) {
      return NOWHERE;
    }
    long wanted = flip(hash);
    int index = firstOfPrefix[(int) (hash >>> prefixShift)];
    while (index < flippedHashes.length && flippedHashes[index] < wanted) {
      index++;
    }
    return placements[index == placements.length ? 0 : index];
  }

  List<VirtualNode> dump() {
    return virtualNodes;
  }

  private static long flip(long hash) {
    return hash ^ Long.MIN_VALUE;
  }
}
