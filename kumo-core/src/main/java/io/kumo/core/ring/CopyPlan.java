package io.kumo.core.ring;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says which servers lack a record under the new layout and whether this server is the one to give
 * it to them.
 *
 * <p>The owners of a key are its active replicas in the read hash space that are still active in
 * the write hash space; the first of them serves. A server that lacks it is an active replica in
 * the write hash space that is no active replica in the read hash space. A node that was fault and
 * is active again is therefore given all its keys. In a full replace every replica gives every
 * record to every other one.
 *
 * <p>Confined to one thread: placements are remembered as they are met.
 */
public class CopyPlan {
  private final HashSpace read;
  private final HashSpace write;
  private final boolean full;
  private final NodeAddress self;
  private final IdentityHashMap<
          List<NodeAddress>, IdentityHashMap<List<NodeAddress>, List<NodeAddress>>>
      known = new IdentityHashMap<>();

  public CopyPlan(HashSpaces spaces, boolean full, NodeAddress self) {
    this.read = spaces.read();
    this.write = spaces.write();
    this.full = full;
    this.self = self;
  }

  /** Whether no record of this server can have to be copied. */
  public boolean isEmpty() {
    boolean nobodyToAsk = write.isEmpty() || (read.isEmpty() && !full);
    boolean nothingMoves = !full && write.sameNodes(read);
    return nobodyToAsk || nothingMoves || !write.isActive(self);
  }

  /** The servers that this one gives a record to, by the unsigned hash of its key. */
  public List<NodeAddress> targets(long hash) {
    List<NodeAddress> from = read.activeReplicas(hash);
    List<NodeAddress> to = write.activeReplicas(hash);
    return known
        .computeIfAbsent(from, list -> new IdentityHashMap<>())
        .computeIfAbsent(to, list -> full ? others(from, to) : newcomers(from, to));
  }

  /** The parts of the ring, in order, in which this server has to give records to others. */
  public List<HashRange> ranges() {
    return HashRange.where(hash -> !targets(hash).isEmpty(), read, write);
  }

  /** The parts of the ring, in order, in which this server gives records to one other. */
  public List<HashRange> ranges(NodeAddress target) {
    return HashRange.where(hash -> targets(hash).contains(target), read, write);
  }

  /** Every server that {@link #targets} may name. */
  public Set<NodeAddress> allTargets() {
    Set<NodeAddress> all = new TreeSet<>();
    HashRange.where(hash -> all.addAll(targets(hash)), read, write);
    return all;
  }

  private List<NodeAddress> newcomers(List<NodeAddress> from, List<NodeAddress> to) {
    boolean serves = from.stream().filter(write::isActive).limit(1).anyMatch(self::equals);
    if (!serves) {
      return List.of();
    }
    List<NodeAddress> lacking = new ArrayList<>(to);
    lacking.removeAll(from);
    return List.copyOf(lacking);
  }

  /** A record that this server should not have any more may be older than its tombstone was. */
  private List<NodeAddress> others(List<NodeAddress> from, List<NodeAddress> to) {
    if (!from.contains(self) && !to.contains(self)) {
      return List.of();
    }
    return to.stream().filter(owner -> !owner.equals(self)).toList();
  }
}
