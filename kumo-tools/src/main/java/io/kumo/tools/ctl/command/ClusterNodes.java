package io.kumo.tools.ctl.command;

import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The managers and the connected servers of a cluster. */
public final class ClusterNodes {
  private ClusterNodes() {}

  /** As a manager knows them. */
  public static Set<NodeAddress> ask(Printer printer, InetSocketAddress manager) {
    try (RpcClient client = printer.options().connect(manager)) {
      NodesInfo info = StatusClient.nodes(client);
      CurrentView view = client.callIfKnown(new GetView(), CurrentView::read, () -> null);
      Set<NodeAddress> nodes = new TreeSet<>(info.newcomers());
      info.hashSpace().nodes().stream().filter(Node::active).map(Node::address).forEach(nodes::add);
      nodes.addAll(view == null ? List.of() : view.managers());
      nodes.add(NodeAddress.of(manager));
      return nodes;
    }
  }
}
