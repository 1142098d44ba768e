package io.kumo.tools.ctl.look;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.kumo.tools.ctl.command.KnownMembers;
import io.kumo.tools.status.StatusView;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** What {@code kumoctl status} shows. */
public final class ClusterStatus {

  private ClusterStatus() {}

  public static ExitStatus print(Printer printer, InetSocketAddress manager) {
    return switch (printer.options().form()) {
      case TEXT -> printPlain(printer, manager);
      case JSON -> printJson(printer, manager);
      case TABLE, WIDE -> print(printer, manager, StatusView::status);
    };
  }

  /** Shows a part of it. */
  public static ExitStatus print(
      Printer printer, InetSocketAddress manager, Consumer<StatusView> part) {
    printer.options().form();
    StatusView view = StatusView.ask(printer, manager);
    part.accept(view);
    return view.verdict();
  }

  private static ExitStatus printJson(Printer printer, InetSocketAddress manager) {
    NodesInfo info;
    try (RpcClient client = printer.options().connect(manager)) {
      info = StatusClient.nodes(client);
    }
    List<Member> members = KnownMembers.ask(printer, manager);
    StatusView view = StatusView.ask(printer, manager);
    printer.print("", () -> json(info, members, view.json()));
    return view.verdict();
  }

  private static ExitStatus printPlain(Printer printer, InetSocketAddress manager) {
    NodesInfo info;
    try (RpcClient client = printer.options().connect(manager)) {
      info = StatusClient.nodes(client);
    }
    List<Member> members = KnownMembers.ask(printer, manager);
    SortedMap<NodeAddress, ServerStatistics> statistics =
        ServerStatisticsClient.askAll(
            members.stream().filter(Member::connected).map(Member::address).toList(),
            printer.options().nodes());
    printer.text(text(info));
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

  private static ObjectNode json(NodesInfo info, List<Member> members, ObjectNode all) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("clocktime", Long.toUnsignedString(info.hashSpace().clockTime()));
    out.put("changed", ClockTime.format(info.hashSpace().clockTime()));
    HashSpaceText.json(out, info.hashSpace());
    ArrayNode list = out.putArray("newcomers");
    newcomers(info).forEach(address -> list.add(address.toString()));
    for (JsonNode server : all.path("servers")) {
      members.stream()
          .filter(member -> member.address().toString().equals(server.path("address").asText()))
          .forEach(member -> json((ObjectNode) server, member));
    }
    return out.setAll(all);
  }

  private static void json(ObjectNode out, Member member) {
    out.put("connected", member.connected());
    if (member.incarnation() != 0) {
      out.put("incarnation", Long.toUnsignedString(member.incarnation()));
      out.put("clockOff", member.skewed());
    }
  }
}
