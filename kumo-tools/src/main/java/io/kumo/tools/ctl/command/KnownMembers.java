package io.kumo.tools.ctl.command;

import io.kumo.core.protocol.admin.GetMembers;
import io.kumo.core.protocol.admin.Members;
import io.kumo.core.protocol.admin.Members.Member;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.StatusClient;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The servers that a manager knows. */
public final class KnownMembers {
  private KnownMembers() {}

  /** A manager of kumofs 0.4.13 tells only who is attached and who has come anew. */
  public static List<Member> ask(Printer printer, InetSocketAddress manager) {
    try (RpcClient client = printer.options().connect(manager)) {
      return client.callIfKnown(
          new GetMembers(),
          in -> Members.read(in).list(),
          () -> members(StatusClient.nodes(client)));
    }
  }

  private static List<Member> members(NodesInfo info) {
    List<Member> members = new ArrayList<>();
    for (Node node : info.hashSpace().nodes()) {
      boolean connected = node.active() || info.newcomers().contains(node.address());
      members.add(new Member(node.address(), true, node.active(), connected, false, 0));
    }
    for (NodeAddress newcomer : info.newcomers()) {
      if (info.hashSpace().find(newcomer).isEmpty()) {
        members.add(new Member(newcomer, false, false, true, false, 0));
      }
    }
    return members;
  }
}
