package io.kumo.core.view;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.VirtualNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a cluster bears at a moment: how many of its servers, whichever they are, may be lost at
 * once, and every record is still there and another view can be committed. Pure.
 */
public final class Survival {
  private Survival() {}

  /**
   * By the records alone: whatever may happen to votes.
   *
   * @param there the nodes that answer
   */
  public static int ofRecords(HashSpaces spaces, Set<NodeAddress> there) {
    return Math.min(copies(spaces.write(), there), copies(spaces.read(), there)) - 1;
  }

  /** The fewest copies that a key has at servers that are there, and active; 1 at least. */
  private static int copies(HashSpace space, Set<NodeAddress> there) {
    int fewest = Integer.MAX_VALUE;
    for (VirtualNode point : space.dump()) {
      List<NodeAddress> active = space.activeReplicas(point.hash());
      fewest = Math.min(fewest, (int) active.stream().filter(there::contains).count());
    }
    return fewest == Integer.MAX_VALUE ? 1 : Math.max(1, fewest);
  }

  /**
   * By records and votes.
   *
   * @param view where views count by votes; else what {@link #ofRecords} says
   * @param there the nodes that answer, managers too
   */
  public static int of(ClusterView view, Set<NodeAddress> there) {
    HashSpaces spaces = view.layout().spaces();
    int most = ofRecords(spaces, there);
    List<Voter> left =
        view.voters().members().stream().filter(v -> there.contains(v.address())).toList();
    List<Voter> servers =
        left.stream().filter(voter -> spaces.write().isActive(voter.address())).toList();
    int active =
        (int)
            spaces.write().nodes().stream()
                .filter(Node::active)
                .filter(node -> there.contains(node.address()))
                .count();
    int borne = 0;
    while (borne < Math.min(most, active - 1)
        && bears(view.voters(), left, servers, Math.min(borne + 1, servers.size()))) {
      borne++;
    }
    return borne;
  }

  /** Whether the others are a quorum whichever so many of these servers are lost. */
  private static boolean bears(Voters voters, List<Voter> left, List<Voter> servers, int count) {
    return IntStream.range(0, 1 << servers.size())
        .filter(lost -> Integer.bitCount(lost) == count)
        .allMatch(
            lost -> {
              List<Voter> rest = new ArrayList<>(left);
              for (int i = 0; i < servers.size(); i++) {
                if ((lost & 1 << i) != 0) {
                  rest.remove(servers.get(i));
                }
              }
              return voters.isQuorum(rest);
            });
  }
}
