package io.kumo.tools.ctl.change;

import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.ctl.change.MovePreview.LayoutChange;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;

/** A change of members that names them. */
record NamedServers(List<NodeAddress> attach, List<NodeAddress> remove, boolean drain) {
  static NamedServers of(
      List<InetSocketAddress> attach, List<InetSocketAddress> remove, boolean drain) {
    return new NamedServers(addresses(attach), addresses(remove), drain);
  }

  private static List<NodeAddress> addresses(List<InetSocketAddress> servers) {
    return servers.stream().map(NodeAddress::of).distinct().toList();
  }

  ChangeMembers order() {
    return new ChangeMembers(attach, remove, drain);
  }

  /** How the write hash space would change. */
  LayoutChange preview() {
    return (write, members) -> {
      HashSpace next = write;
      for (NodeAddress server : attach) {
        String zone =
            members.stream()
                .filter(member -> member.address().equals(server))
                .map(member -> member.zone())
                .findFirst()
                .orElse("");
        next = next.withActive(server, write.clockTime()).withZone(server, zone, write.clockTime());
      }
      Predicate<Node> stays = node -> !remove.contains(node.address());
      List<Node> left = next.nodes().stream().filter(stays).toList();
      return HashSpace.of(left, write.clockTime(), write.copies());
    };
  }
}
