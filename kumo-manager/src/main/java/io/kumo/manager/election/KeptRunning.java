package io.kumo.manager.election;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Finds the server that has all that others had acknowledged before they were started anew, though
 * the view has taken it out: they crashed before any of them had installed a view without it, so
 * every write that one of them acknowledged has reached it, too. Without it the end of what they
 * had would be lost with them. Stateless.
 */
public final class KeptRunning {
  private KeptRunning() {}

  /**
   * The one; none if there may be another that has gone on without it.
   *
   * @param anew all that the view lets serve, each of which has been started anew
   * @param shown the hash spaces that each of these had installed before
   * @param runs whether a server is there and has kept running
   */
  public static Optional<NodeAddress> beside(
      Set<NodeAddress> anew, Collection<HashSpaces> shown, Predicate<NodeAddress> runs) {
    if (anew.isEmpty() || shown.size() < anew.size()) {
      return Optional.empty();
    }
    HashSpaces last = shown.stream().reduce(HashSpaces.EMPTY, KeptRunning::newer);
    Set<NodeAddress> served = new TreeSet<>(active(last));
    served.removeAll(anew);
    boolean wasThere = served.stream().allMatch(last.read()::isActive);
    return served.size() == 1 && wasThere
        ? served.stream().filter(runs).findAny()
        : Optional.empty();
  }

  private static HashSpaces newer(HashSpaces one, HashSpaces other) {
    return ClockTime.isNewer(other.write().clockTime(), one.write().clockTime()) ? other : one;
  }

  private static List<NodeAddress> active(HashSpaces spaces) {
    return spaces.write().nodes().stream().filter(Node::active).map(Node::address).toList();
  }
}
