package io.kumo.manager.membership;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who is the last to hold some records, and whom those may not be overruled by. A <i>holder</i> of
 * a key is one of its replicas that the read hash space calls active. A holder is <i>sound</i> when
 * it serves and has missed nothing: the write hash space calls it active, and it is not behind.
 * Immutable and pure.
 *
 * @param spaces with those as fault in the write hash space that have just been lost
 * @param behind holders for which others went on while they were away, until they are made equal
 */
record LastHolders(HashSpaces spaces, Set<NodeAddress> behind) {
  /** Whether there are keys of which nobody else is a sound holder. */
  boolean isLast(NodeAddress server) {
    return holdersWith(server).anyMatch(holders -> !hasSound(holders, server));
  }

  /** The same, of keys that both of them hold. */
  boolean isLastBeside(NodeAddress one, NodeAddress other) {
    return holdersWith(one).anyMatch(holders -> holders.contains(other) && !hasSound(holders, one));
  }

  /** Whether others go on with keys of this holder. */
  boolean isOutrun(NodeAddress server) {
    return holdersWith(server).anyMatch(holders -> hasSound(holders, server));
  }

  /**
   * Those that serve, are behind, and would be alone with keys of which a holder that is away may
   * have something newer.
   */
  List<NodeAddress> overruling() {
    return behind.stream()
        .filter(spaces.write()::isActive)
        .filter(
            server ->
                holdersWith(server)
                    .anyMatch(
                        holders ->
                            !hasSound(holders, server)
                                && !holders.stream().allMatch(spaces.write()::isActive)))
        .sorted()
        .toList();
  }

  /**
   * Those of the servers that may return now: where no sound holder of a key is left, all that are
   * away return together, and the newest record counts.
   */
  Set<NodeAddress> mayReturn(Collection<NodeAddress> servers) {
    Set<NodeAddress> may = new HashSet<>(servers);
    boolean fewer;
    do {
      Set<NodeAddress> together = new TreeSet<>(may);
      fewer = may.removeIf(server -> waits(server, together));
    } while (fewer);
    return may;
  }

  private boolean waits(NodeAddress server, Set<NodeAddress> together) {
    return holdersWith(server)
        .anyMatch(holders -> !hasSound(holders, server) && !areThere(holders, together));
  }

  private boolean areThere(List<NodeAddress> holders, Set<NodeAddress> together) {
    return holders.stream()
        .allMatch(holder -> together.contains(holder) || spaces.write().isActive(holder));
  }

  private boolean hasSound(List<NodeAddress> holders, NodeAddress but) {
    return holders.stream()
        .anyMatch(
            holder ->
                !holder.equals(but) && spaces.write().isActive(holder) && !behind.contains(holder));
  }

  private Stream<List<NodeAddress>> holdersWith(NodeAddress server) {
    return spaces.read().dump().stream()
        .map(point -> spaces.read().activeReplicas(point.hash()))
        .filter(holders -> holders.contains(server))
        .distinct();
  }
}
