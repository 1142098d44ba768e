package io.kumo.tools.ctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.admin.Members.Member;
import io.kumo.core.protocol.admin.NodesInfo;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.HashSpaceText;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.StatusClient;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What {@code kumoctl status} shows. */
final class ClusterStatus {

  private ClusterStatus() {}

  static ExitStatus print(Printer printer, InetSocketAddress manager) {
    NodesInfo info;
    try (RpcClient client = printer.options().connect(manager)) {
      info = StatusClient.nodes(client);
    }
    List<Member> members = AttachReport.members(printer, manager);
    SortedMap<NodeAddress, ServerStatistics> statistics =
        ServerStatisticsClient.askAll(
            members.stream().filter(Member::connected).map(Member::address).toList());
    printer.print(text(info), () -> json(info, members, statistics));
    List<NodeAddress> full = ServerStatisticsClient.full(statistics);
    full.forEach(server -> printer.note("disk full on " + server + ": it refuses writes"));
    ServerStatisticsClient.buggy(statistics)
        .forEach((server, bugs) -> printer.note(server + " met bugs: " + bugs + "; see its log"));
    boolean allActive = info.hashSpace().nodes().stream().allMatch(Node::active);
    return allActive && full.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
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

  private static ObjectNode json(
      NodesInfo info, List<Member> members, SortedMap<NodeAddress, ServerStatistics> statistics) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("clocktime", Long.toUnsignedString(info.hashSpace().clockTime()));
    out.put("changed", ClockTime.format(info.hashSpace().clockTime()));
    HashSpaceText.json(out, info.hashSpace());
    ArrayNode list = out.putArray("newcomers");
    newcomers(info).forEach(address -> list.add(address.toString()));
    ArrayNode servers = out.putArray("servers");
    members.forEach(member -> json(servers.addObject(), member, statistics.get(member.address())));
    return out;
  }

  /** What is known beyond what the original's status says. */
  private static void json(ObjectNode out, Member member, @Nullable ServerStatistics statistics) {
    out.put("address", member.address().toString()).put("connected", member.connected());
    if (member.incarnation() != 0) {
      out.put("incarnation", Long.toUnsignedString(member.incarnation()));
      out.put("clockOff", member.skewed());
    }
    if (statistics != null) {
      out.put("diskFull", ServerStatisticsClient.isDiskFull(statistics));
      out.put("bugs", statistics.get(ServerStatistics.BUGS));
    }
  }
}
