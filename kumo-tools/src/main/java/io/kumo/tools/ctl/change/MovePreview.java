package io.kumo.tools.ctl.change;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.admin.Members.Member;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ServerZone;
import io.kumo.tools.StatusClient;
import io.kumo.tools.ToolOptions;
import io.kumo.tools.ctl.command.KnownMembers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What a rebalance would copy between which servers. The plan is the very one that servers carry
 * out; the numbers of records are estimates, from what each server holds and its share of the ring.
 */
final class MovePreview {

  /** How the write hash space would change, given the servers that there are. */
  interface LayoutChange extends BiFunction<HashSpace, List<Member>, HashSpace> {}

  static final LayoutChange DETACH = (write, members) -> write.withoutFaults(write.clockTime());
  static final LayoutChange NONE = (write, members) -> write;

  /** Takes in who is there, each in the zone that it says. */
  static LayoutChange attach(int copies) {
    return (write, members) -> {
      HashSpace next = withCopies(write, copies);
      for (Member member : members) {
        if (member.connected()) {
          next =
              next.withActive(member.address(), write.clockTime())
                  .withZone(member.address(), member.zone(), write.clockTime());
        }
      }
      return next;
    };
  }

  private static HashSpace withCopies(HashSpace write, int copies) {
    if (copies == 0 || copies == write.copies()) {
      return write;
    }
    if (!write.nodes().isEmpty()) {
      throw CliException.failed(
          "this cluster keeps "
              + write.copies()
              + " copies of each record: that cannot be changed");
    }
    return write.withCopies(copies, write.clockTime());
  }

  /**
   * Copies from one server to another.
   *
   * @param share of the whole hash space, 0 to 1
   * @param records about; empty when the server does not say how many it holds
   */
  private record Move(NodeAddress from, NodeAddress to, double share, OptionalLong records) {}

  private final ToolOptions options;
  private final HashSpaces layout;
  private final boolean full;

  private MovePreview(ToolOptions options, HashSpaces layout, boolean full) {
    this.options = options;
    this.layout = layout;
    this.full = full;
  }

  /**
   * Prints it.
   *
   * @param zones in which servers are supposed to be
   * @param full whether every record is compared
   */
  static void print(
      Printer printer,
      InetSocketAddress manager,
      LayoutChange change,
      List<ServerZone> zones,
      boolean full) {
    HashSpace known;
    PublishedSpaces view;
    try (RpcClient client = printer.options().connect(manager)) {
      known = StatusClient.nodes(client).hashSpace();
      view = client.call(HashSpaceRequest.ours(), PublishedSpaces::read);
    }
    List<Member> members = KnownMembers.ask(printer, manager);
    HashSpace write = ServerZone.suppose(zones, change.apply(known, members));
    HashSpaces layout = new HashSpaces(write, view.spaces().read());
    List<Move> moves = new MovePreview(printer.options(), layout, full).moves();
    printer.print(text(moves), () -> json(moves));
  }

  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (Node node : layout.read().nodes()) {
      CopyPlan plan = new CopyPlan(layout, full, node.address());
      if (node.active() && !plan.isEmpty()) {
        moves.addAll(moves(node.address(), plan));
      }
    }
    return moves;
  }

  private List<Move> moves(NodeAddress source, CopyPlan plan) {
    Map<NodeAddress, Double> shares = new TreeMap<>();
    for (NodeAddress target : plan.allTargets()) {
      shares.put(target, share(HashRange.where(h -> plan.targets(h).contains(target), spaces())));
    }
    double owned =
        share(HashRange.where(h -> layout.read().activeReplicas(h).contains(source), spaces()));
    OptionalLong items = shares.isEmpty() ? OptionalLong.empty() : items(source);
    return shares.entrySet().stream()
        .map(e -> new Move(source, e.getKey(), e.getValue(), part(items, e.getValue() / owned)))
        .toList();
  }

  private HashSpace[] spaces() {
    return new HashSpace[] {layout.read(), layout.write()};
  }

  private static double share(List<HashRange> ranges) {
    return ranges.stream().mapToDouble(HashRange::share).sum();
  }

  private static OptionalLong part(OptionalLong items, double share) {
    return items.isPresent()
        ? OptionalLong.of(Math.round(items.getAsLong() * Math.min(1, share)))
        : items;
  }

  /** A server that does not answer is no reason not to show the rest. */
  private OptionalLong items(NodeAddress server) {
    try (RpcClient client = options.connect(server.toSocketAddress())) {
      return OptionalLong.of(StatusClient.number(client, StatusField.ITEMS));
    } catch (CliException e) {
      return OptionalLong.empty();
    }
  }

  private static String text(List<Move> moves) {
    if (moves.isEmpty()) {
      return "nothing would be copied";
    }
    StringBuilder out = new StringBuilder(row("from", "to", "hash space", "records"));
    for (Move move : moves) {
      out.append(row(move.from(), move.to(), percent(move.share()), number(move.records())));
    }
    double share = moves.stream().mapToDouble(Move::share).sum();
    boolean counted = moves.stream().allMatch(move -> move.records().isPresent());
    long records = moves.stream().mapToLong(move -> move.records().orElse(0)).sum();
    OptionalLong all = counted ? OptionalLong.of(records) : OptionalLong.empty();
    return out.append(row("total", "", percent(share), number(all))).toString();
  }

  private static String row(Object from, Object to, String share, String records) {
    return String.format(Locale.ROOT, "%-21s  %-21s  %10s  %12s%n", from, to, share, records);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static String number(OptionalLong count) {
    return count.isPresent() ? Long.toString(count.getAsLong()) : "-";
  }

  private static ObjectNode json(List<Move> moves) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ArrayNode list = object.putArray("moves");
    for (Move move : moves) {
      ObjectNode one = list.addObject();
      one.put("from", move.from().toString()).put("to", move.to().toString());
      one.put("share", move.share());
      move.records().ifPresent(count -> one.put("records", count));
    }
    return object;
  }
}
