package io.kumo.it.explore;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.VoterChoice;
import io.kumo.core.view.Voters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of the explored cluster, three servers before the managers, and their views. */
final class Views {
  static final int SERVERS = 3;
  static final long CLUSTER = 77;

  /** Its replicas are the first server, the second, the third. */
  static final long KEY = key();

  private Views() {}

  static NodeAddress address(int node) {
    return NodeAddress.of(new byte[] {127, 0, 0, 1}, node < SERVERS ? 101 + node : node - 2);
  }

  static int index(NodeAddress address) {
    return address.port() > 100 ? address.port() - 101 : address.port() + 2;
  }

  static List<NodeAddress> managers(int count) {
    return count == 1 ? List.of(address(SERVERS)) : List.of(address(SERVERS), address(SERVERS + 1));
  }

  static Voter voter(int node) {
    return new Voter(address(node), 1000 + node);
  }

  /** The committed view of term 1, with which everything begins. */
  static ClusterView first(Bounds bounds) {
    boolean moves = bounds.extras() == Bounds.Extras.MANAGERS_MOVE;
    int active = (1 << bounds.servers()) - 1;
    Map<NodeAddress, Voter> all = new HashMap<>();
    for (int node = 0; node < SERVERS + (moves ? 1 : bounds.managers()); node++) {
      all.put(address(node), voter(node));
    }
    List<NodeAddress> managers = managers(bounds.managers());
    ViewLayout layout = layout(active);
    Voters voters = VoterChoice.choose(layout, managers, Voters.NONE, all, List.of());
    Electorate electorate = new Electorate(voters, voters, managers, managers);
    return new ClusterView(
        new ViewId(1, 1),
        new ClusterId(CLUSTER, 0),
        layout,
        ViewFlush.NONE,
        ViewSettings.DEFAULT,
        electorate);
  }

  static ViewLayout layout(int activeBits) {
    List<Node> nodes = new ArrayList<>();
    for (int server = 0; server < SERVERS; server++) {
      nodes.add(new Node(address(server), (activeBits >> server & 1) != 0));
    }
    HashSpace space = HashSpace.of(nodes, 1);
    return new ViewLayout(new HashSpaces(space, space), List.of(), OpenRebalance.NONE, 0);
  }

  static int activeBits(ClusterView view) {
    int bits = 0;
    for (int server = 0; server < SERVERS; server++) {
      bits |= view.layout().spaces().write().isActive(address(server)) ? 1 << server : 0;
    }
    return bits;
  }

  private static long key() {
    HashSpace all = layout((1 << SERVERS) - 1).spaces().write();
    for (long hash = 0; ; hash += 0x9E3779B97F4A7C15L) {
      if (all.activeReplicas(hash).equals(List.of(address(0), address(1), address(2)))) {
        return hash;
      }
    }
  }
}
