package io.kumo.tools;

import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where keys belong, as a manager says it.
 *
 * @param newcomers servers that are there and not active
 */
public record Layout(HashSpaces spaces, List<NodeAddress> newcomers) {
  /** A manager that knows no votes tells the write hash space alone. */
  public static Layout of(ToolOptions options, InetSocketAddress manager) {
    try (RpcClient client = options.connect(manager)) {
      NodesInfo info = StatusClient.nodes(client);
      Optional<CurrentView> view =
          client.callIfKnown(
              new GetView(), in -> Optional.of(CurrentView.read(in)), Optional::empty);
      HashSpaces spaces =
          view.map(CurrentView::view)
              .filter(voted -> !voted.isNone())
              .map(voted -> voted.layout().spaces())
              .orElse(new HashSpaces(info.hashSpace(), info.hashSpace()));
      return new Layout(spaces, info.newcomers());
    }
  }

  /** Servers that serve. */
  public List<NodeAddress> active() {
    return spaces.write().nodes().stream().filter(Node::active).map(Node::address).toList();
  }
}
