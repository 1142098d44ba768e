package io.kumo.manager.election;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.ServerInfo;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Finds the server that has all that others had acknowledged before they were started anew, though
 * the view has taken it out: they crashed before any of them had installed a view without it, so
 * every write that one of them acknowledged has reached it, too. Without it the end of what they
 * had would be lost with them. Only the very process that their view names has it: one that was
 * started anew under its address, and that no view had named by then, may lack what it lost in a
 * crash of its own. Stateless.
 */
public final class KeptRunning {
  private KeptRunning() {}

  /**
   * What a server had installed when it was started anew.
   *
   * @param processes that this view names, by address
   */
  public record Installed(HashSpaces spaces, Map<NodeAddress, ServerInfo> processes) {
    private static final Installed NOTHING = new Installed(HashSpaces.EMPTY, Map.of());

    public Installed {
      processes = Collections.unmodifiableMap(new TreeMap<>(processes));
    }

    private static Installed newer(Installed one, Installed other) {
      long clockTime = other.spaces.write().clockTime();
      return ClockTime.isNewer(clockTime, one.spaces.write().clockTime()) ? other : one;
    }

    private ServerInfo process(NodeAddress server) {
      return processes.getOrDefault(server, ServerInfo.UNKNOWN);
    }
  }

  /**
   * The one; none if there may be another that has gone on without it.
   *
   * @param anew all that the view lets serve, each of which has been started anew
   * @param shown what each of these had installed before
   * @param runs whether a server is there, out of the view, and in this process
   */
  public static Optional<NodeAddress> beside(
      Set<NodeAddress> anew,
      Collection<Installed> shown,
      BiPredicate<NodeAddress, ServerInfo> runs) {
    if (anew.isEmpty() || shown.size() < anew.size()) {
      return Optional.empty();
    }
    Installed last = shown.stream().reduce(Installed.NOTHING, Installed::newer);
    Set<NodeAddress> served = new TreeSet<>(active(last.spaces()));
    served.removeAll(anew);
    boolean wasThere = served.stream().allMatch(last.spaces().read()::isActive);
    return served.size() == 1 && wasThere
        ? served.stream().filter(server -> runs.test(server, last.process(server))).findAny()
        : Optional.empty();
  }

  private static List<NodeAddress> active(HashSpaces spaces) {
    return spaces.write().nodes().stream().filter(Node::active).map(Node::address).toList();
  }
}
