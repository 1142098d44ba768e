package io.kumo.tools.status;

import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.GetRebalance;
import io.kumo.core.protocol.admin.Members;
import io.kumo.core.protocol.admin.Members.Member;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.GetGateways;
import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Survival;
import io.kumo.tools.AllNodes;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ToolOptions;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes of a cluster say at one moment. Those that do not answer are left out of the maps;
 * kumofs 0.4.13 says less.
 *
 * @param asked the manager that named the others
 * @param view what that manager goes by; null from one of kumofs 0.4.13
 * @param rebalance null from one of kumofs 0.4.13
 * @param incarnations random numbers of the processes of servers that the manager hears
 */
record ClusterLook(
    NodeAddress asked,
    NodesInfo info,
    @Nullable CurrentView view,
    @Nullable RebalanceState rebalance,
    List<Gateways.Gateway> gateways,
    Map<NodeAddress, NodeStatus> nodes,
    Map<NodeAddress, ServerStatistics> statistics,
    Map<NodeAddress, Long> incarnations) {
  /** Asks them all; throws {@link CliException} when the manager does not answer. */
  static ClusterLook take(ToolOptions options, InetSocketAddress manager) {
    NodesInfo info;
    CurrentView view;
    RebalanceState rebalance;
    List<Gateways.Gateway> gateways;
    Map<NodeAddress, Long> incarnations = new TreeMap<>();
    try (RpcClient client = options.connect(manager)) {
      info = StatusClient.nodes(client);
      view = client.callIfKnown(new GetView(), CurrentView::read, () -> null);
      rebalance = client.callIfKnown(new GetRebalance(), RebalanceState::read, () -> null);
      gateways =
          client.callIfKnown(new GetGateways(), in -> Gateways.read(in).list(), () -> List.of());
      client
          .callIfKnown(new GetMembers(), in -> Members.read(in).list(), () -> List.<Member>of())
          .stream()
          .filter(Member::connected)
          .forEach(member -> incarnations.put(member.address(), member.incarnation()));
    }
    Set<NodeAddress> servers = new TreeSet<>(info.newcomers());
    info.hashSpace().nodes().stream().map(Node::address).forEach(servers::add);
    NodeAddress asked = NodeAddress.of(manager);
    Set<NodeAddress> managers = new TreeSet<>(view == null ? List.of() : view.managers());
    managers.add(asked);
    return new ClusterLook(
        asked,
        info,
        view,
        rebalance,
        gateways,
        AllNodes.ask(
            Stream.concat(managers.stream(), servers.stream()).toList(),
            options.nodes(),
            ClusterLook::ask),
        ServerStatisticsClient.askAll(servers, options.nodes()),
        incarnations);
  }

  private static Optional<NodeStatus> ask(RpcClient node) {
    return node.callIfKnown(
        new GetNodeStatus(), in -> Optional.of(NodeStatus.read(in)), Optional::empty);
  }

  /** Whether the manager is one of kumofs 0.4.13, whose nodes say nothing of this. */
  boolean isOfKumofs() {
    return view == null;
  }

  List<NodeAddress> managers() {
    return view == null || view.managers().isEmpty() ? List.of(asked) : view.managers();
  }

  /** Attached ones first. */
  List<NodeAddress> servers() {
    List<NodeAddress> servers = new ArrayList<>();
    info.hashSpace().nodes().stream().map(Node::address).sorted().forEach(servers::add);
    info.newcomers().stream().filter(n -> !servers.contains(n)).sorted().forEach(servers::add);
    return servers;
  }

  /** The view that was voted on; none where none was. */
  ClusterView voted() {
    return view == null ? ClusterView.NONE : view.view();
  }

  /** What the manager that directs goes by, or the one that was asked; null when neither says. */
  @Nullable NodeStatus reference() {
    NodeAddress director = view == null ? null : view.director();
    NodeStatus status = director == null ? null : nodes.get(director);
    return status == null ? nodes.get(asked) : status;
  }

  /** Whether this one goes by the same hash spaces as the manager that directs. */
  boolean agrees(NodeStatus status) {
    NodeStatus reference = reference();
    return reference == null
        || (reference.write().equals(status.write()) && reference.read().equals(status.read()));
  }

  /** Servers that are not attached, and managers that are not followed, may go by others. */
  boolean hasDisagreement() {
    return Stream.concat(managers().stream(), info.hashSpace().nodes().stream().map(Node::address))
            .map(nodes::get)
            .anyMatch(status -> status != null && !agrees(status))
        || gateways.stream().anyMatch(gateway -> !agrees(gateway.status()));
  }

  /** How many servers may be lost now; negative when nothing is attached or nobody says. */
  int survives() {
    if (info.hashSpace().isEmpty() || nodes.isEmpty()) {
      return -1;
    }
    ClusterView voted = voted();
    return voted.isNone()
        ? Survival.ofRecords(new HashSpaces(info.hashSpace(), info.hashSpace()), nodes.keySet())
        : Survival.of(voted, nodes.keySet());
  }

  /** How many servers may be lost when all of them are there and have their records. */
  int shouldSurvive() {
    return copies() - 1;
  }

  /** Of each record. */
  int copies() {
    ClusterView voted = voted();
    return voted.isNone() ? info.hashSpace().copies() : voted.layout().spaces().write().copies();
  }

  List<NodeAddress> fault() {
    return info.hashSpace().nodes().stream()
        .filter(node -> !node.active())
        .map(Node::address)
        .toList();
  }
}
