package io.kumo.tools.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.protocol.desk.GetHistory;
import io.kumo.core.protocol.desk.History;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.AllNodes;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.TextTable;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What {@code kumoctl history} shows: the orders that all managers were given, each once, by time.
 */
public final class HistoryReport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final Printer printer;
  private final InetSocketAddress manager;

  public HistoryReport(Printer printer, InetSocketAddress manager) {
    this.printer = printer;
    this.manager = manager;
  }

  public ExitStatus print(int most) {
    Set<NodeAddress> managers = new TreeSet<>();
    managers.add(NodeAddress.of(manager));
    List<History.Entry> own;
    try (RpcClient client = printer.options().connect(manager)) {
      managers.addAll(client.call(new GetView(), CurrentView::read).managers());
      own = client.call(new GetHistory(), in -> History.read(in).entries());
    }
    managers.remove(NodeAddress.of(manager));
    SortedMap<NodeAddress, List<History.Entry>> others =
        AllNodes.ask(managers, printer.options().nodes(), HistoryReport::ask);
    managers.stream()
        .filter(other -> !others.containsKey(other))
        .forEach(
            other -> printer.note(other + " does not answer: what it alone knows is not shown"));
    Set<History.Entry> each = new LinkedHashSet<>(own);
    others.values().forEach(each::addAll);
    List<History.Entry> all = new ArrayList<>(each);
    all.sort(Comparator.comparingLong(History.Entry::atMs));
    List<History.Entry> shown = all.subList(Math.max(0, all.size() - most), all.size());
    printer.print(text(shown), () -> json(shown));
    return ExitStatus.DONE;
  }

  private static Optional<List<History.Entry>> ask(RpcClient manager) {
    return manager.callIfKnown(
        new GetHistory(), in -> Optional.of(History.read(in).entries()), Optional::empty);
  }

  private static String text(List<History.Entry> entries) {
    TextTable table = new TextTable().row(List.of("when", "who", "from", "order", "outcome"));
    for (History.Entry entry : entries) {
      String when =
          TIME.withZone(ZoneId.systemDefault()).format(Instant.ofEpochMilli(entry.atMs()));
      table.row(List.of(when, entry.who(), host(entry.from()), entry.order(), entry.outcome()));
    }
    return table.text();
  }

  /** The port of a tool says nothing. */
  private static String host(String from) {
    int colon = from.lastIndexOf(':');
    return colon < 0 ? from : from.substring(0, colon);
  }

  private static ObjectNode json(List<History.Entry> entries) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode list = json.putArray("orders");
    for (History.Entry entry : entries) {
      ObjectNode order = list.addObject().put("atMs", entry.atMs()).put("who", entry.who());
      order.put("from", entry.from()).put("order", entry.order()).put("outcome", entry.outcome());
    }
    return json;
  }
}
