package io.kumo.manager.membership;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The layout from before a rebalance, as it can be gone back to: the nodes and zones of the read
 * hash space. Who serves stays active, and who was taken out becomes so again if it may; others
 * that the former layout names are fault.
 *
 * @param space to be the write hash space
 * @param returning who was taken out, and is active in it
 */
record FormerLayout(HashSpace space, Set<NodeAddress> returning) {
  /**
   * @param version ClockTime of the layout
   * @param mayServe whether a server that was taken out may be active
   */
  static FormerLayout of(HashSpaces spaces, long version, Predicate<NodeAddress> mayServe) {
    HashSpace write = spaces.write();
    HashSpace former = spaces.read().withClockTime(version);
    Set<NodeAddress> returning = new LinkedHashSet<>();
    for (Node node : spaces.read().nodes()) {
      NodeAddress server = node.address();
      boolean isOut = write.find(server).isEmpty();
      if (isOut && mayServe.test(server)) {
        returning.add(server);
      }
      boolean serves = write.isActive(server) || returning.contains(server);
      former = serves ? former.withActive(server, version) : former.withFault(server, version);
    }
    return new FormerLayout(former, returning);
  }

  /**
   * Why it cannot be gone back to; null if it can be.
   *
   * @param write the present write hash space
   */
  @Nullable String objection(HashSpace write) {
    if (space.sameNodes(write)) {
      return "it brings servers back that were away, and moves no keys: it can only be paused";
    } else if (RecordHolders.lacksReplicas(space)) {
      return "by the former layout some records would have no server that is there";
    }
    return null;
  }
}
