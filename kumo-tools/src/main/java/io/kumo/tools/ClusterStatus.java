package io.kumo.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.NodesInfo;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** What {@code kumoctl status} shows. */
final class ClusterStatus {

  private ClusterStatus() {}

  static ExitStatus print(Printer printer, InetSocketAddress manager) {
    NodesInfo info;
    try (RpcClient client = printer.options().connect(manager)) {
      info = StatusClient.nodes(client);
    }
    printer.print(text(info), () -> json(info));
    boolean allActive = info.hashSpace().nodes().stream().allMatch(Node::active);
    return allActive ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }

  private static String text(NodesInfo info) {
    StringBuilder out = new StringBuilder(HashSpaceText.text(info.hashSpace(), "attached node"));
    out.append("not attached node:\n");
    newcomers(info).forEach(address -> out.append("  ").append(address).append('\n'));
    return out.toString();
  }

  private static List<NodeAddress> newcomers(NodesInfo info) {
    return info.newcomers().stream().sorted().toList();
  }

  private static ObjectNode json(NodesInfo info) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("clocktime", Long.toUnsignedString(info.hashSpace().clockTime()));
    out.put("changed", ClockTime.format(info.hashSpace().clockTime()));
    HashSpaceText.json(out, info.hashSpace());
    ArrayNode list = out.putArray("newcomers");
    newcomers(info).forEach(address -> list.add(address.toString()));
    return out;
  }
}
