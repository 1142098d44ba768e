package io.kumo.manager.membership;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Who has records, and whose are not the newest, as servers are lost and return: what is not to be
 * forgotten so that no record counts for lost, or an old one for the newest.
 *
 * <p>Confined to one thread.
 */
final class RecordHolders {
  private final Set<NodeAddress> behind = new HashSet<>();

  /**
   * Those that the read hash space calls active though others went on while they were away, by
   * address.
   */
  SortedSet<NodeAddress> behind() {
    return new TreeSet<>(behind);
  }

  void setBehind(Collection<NodeAddress> servers) {
    behind.clear();
    behind.addAll(servers);
  }

  /** These serve reads no more. */
  void forget(Collection<NodeAddress> servers) {
    behind.removeAll(servers);
  }

  /**
   * Marks the servers fault in both hash spaces; but those that are the last to have some records
   * ({@link LastHolders}) stay active in the read hash space.
   *
   * @param version ClockTime of the changed hash spaces
   */
  HashSpaces markFault(HashSpaces spaces, Collection<NodeAddress> servers, long version) {
    HashSpace read = spaces.read();
    HashSpace write = withFaults(spaces.write(), servers, version);
    Set<NodeAddress> lost = new LinkedHashSet<>(servers);
    // Who is taken out because of it is away for others that are behind, in turn.
    for (List<NodeAddress> more = last(write, read).overruling();
        !more.isEmpty();
        more = last(write, read).overruling()) {
      lost.addAll(more);
      write = withFaults(write, more, version);
    }
    LastHolders holders = last(write, read);
    lost.stream().filter(holders::isOutrun).filter(read::isActive).forEach(behind::add);
    for (NodeAddress server : lost) {
      read = holders.isLast(server) ? read : read.withFault(server, version);
    }
    behind.removeIf(Predicate.not(read::isActive));
    return new HashSpaces(write, read);
  }

  /**
   * Lets servers that were taken out hold records again beside one that crashed: it had not yet
   * installed the view without them, so all that it acknowledged until then has reached them, too,
   * and the end of it may be nowhere else.
   *
   * @param installed by the one that crashed, at the last
   * @param version ClockTime of the changed hash spaces
   */
  HashSpaces readmit(HashSpaces spaces, NodeAddress crashed, HashSpaces installed, long version) {
    HashSpace read = spaces.read();
    for (NodeAddress server : takenOutSince(spaces, installed)) {
      HashSpace with = read.withActive(server, version);
      LastHolders holders = last(spaces.write(), with);
      if (holders.isLastBeside(crashed, server)) {
        read = with;
        if (holders.isOutrun(server)) {
          behind.add(server);
        }
      }
    }
    return new HashSpaces(spaces.write(), read);
  }

  /**
   * Whether a server that was taken out may have the end of what one of these had acknowledged, who
   * alone hold some records and have not shown yet what they had installed.
   */
  boolean waitsFor(HashSpaces spaces, NodeAddress server, Collection<NodeAddress> owners) {
    HashSpace read = spaces.read();
    if (read.find(server).isEmpty() || read.isActive(server)) {
      return false;
    }
    LastHolders holders = last(spaces.write(), read.withActive(server, read.clockTime()));
    return owners.stream().anyMatch(owner -> holders.isLastBeside(owner, server));
  }

  private static List<NodeAddress> takenOutSince(HashSpaces spaces, HashSpaces installed) {
    return spaces.read().nodes().stream()
        .filter(node -> !node.active())
        .map(Node::address)
        .filter(server -> !spaces.write().isActive(server))
        .filter(server -> installed.write().isActive(server) && installed.read().isActive(server))
        .toList();
  }

  private LastHolders last(HashSpace write, HashSpace read) {
    return new LastHolders(new HashSpaces(write, read), new TreeSet<>(behind));
  }

  static HashSpace withFaults(HashSpace space, Collection<NodeAddress> servers, long version) {
    HashSpace marked = space;
    for (NodeAddress server : servers) {
      marked = marked.withFault(server, version);
    }
    return marked;
  }

  /** Those of the servers that may be attached, in their order. */
  List<NodeAddress> mayReturn(HashSpaces spaces, Collection<NodeAddress> servers) {
    Set<NodeAddress> may = last(spaces.write(), spaces.read()).mayReturn(servers);
    return servers.stream().filter(may::contains).toList();
  }

  /** Who alone has some records, and is not there to serve them. */
  static List<NodeAddress> absent(HashSpaces spaces) {
    return spaces.read().nodes().stream()
        .filter(node -> node.active() && !spaces.write().isActive(node.address()))
        .map(Node::address)
        .toList();
  }

  /** Whether there are keys of which no replica is active. */
  static boolean lacksReplicas(HashSpace write) {
    return write.dump().stream().anyMatch(point -> write.activeReplicas(point.hash()).isEmpty());
  }

  /** Whether all records can be had, and have a replica to be written to, without that server. */
  boolean canSpare(HashSpaces spaces, NodeAddress server, long version) {
    HashSpace write = spaces.write().withFault(server, version);
    return !lacksReplicas(write) && !last(write, spaces.read()).isLast(server);
  }
}
