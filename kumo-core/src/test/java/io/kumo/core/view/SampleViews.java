package io.kumo.core.view;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Views of small clusters. */
public final class SampleViews {
  public static final NodeAddress M1 = node(1);
  public static final NodeAddress M2 = node(2);
  public static final NodeAddress S1 = node(11);
  public static final NodeAddress S2 = node(12);
  public static final NodeAddress S3 = node(13);
  public static final long CLUSTER = 77;

  private SampleViews() {}

  public static NodeAddress node(int port) {
    return NodeAddress.of(new byte[] {10, 0, 0, 1}, port);
  }

  public static Voter voter(NodeAddress address) {
    return new Voter(address, 100 + address.port());
  }

  public static Voters voters(NodeAddress... addresses) {
    List<Voter> members = Arrays.stream(addresses).map(SampleViews::voter).toList();
    NodeAddress first =
        Arrays.stream(addresses).filter(a -> a.port() < 10).findFirst().orElse(null);
    return new Voters(members, first);
  }

  /** Three servers and two managers, all of them voters and active. */
  public static ClusterView first() {
    Voters voters = voters(S1, S2, S3, M1, M2);
    List<NodeAddress> managers = List.of(M1, M2);
    return new ClusterView(
        new ViewId(1, 1),
        new ClusterId(CLUSTER, 0),
        layout(S1, S2, S3),
        ViewFlush.NONE,
        ViewSettings.DEFAULT,
        new Electorate(voters, Voters.NONE, managers, managers));
  }

  /** All three servers, of which these are active. */
  public static ViewLayout layout(NodeAddress... active) {
    List<Node> nodes = new ArrayList<>();
    List<ViewMember> members = new ArrayList<>();
    for (NodeAddress server : List.of(S1, S2, S3)) {
      nodes.add(new Node(server, Arrays.asList(active).contains(server)));
      members.add(new ViewMember(server, 7, server.port(), "zone " + server.port()));
    }
    HashSpace space = HashSpace.of(nodes, 1L << 40);
    OpenRebalance rebalance = new OpenRebalance(OpenRebalance.Phase.COPYING, 1L << 40, true);
    return new ViewLayout(new HashSpaces(space, space), members, rebalance, 5);
  }

  /** A hash whose replicas begin with this server when all are active. */
  public static long hashOf(NodeAddress server) {
    HashSpace write = layout(S1, S2, S3).spaces().write();
    for (long hash = 0; ; hash += 0x9E3779B97F4A7C15L) {
      if (server.equals(write.coordinator(hash))) {
        return hash;
      }
    }
  }
}
