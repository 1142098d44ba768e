package io.kumo.tools.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.StandingOrders;
import io.kumo.tools.DeskNode;
import io.kumo.tools.OutputFormat;
import io.kumo.tools.Printer;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.TextTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** What {@code kumoctl status -o wide|table|json}, {@code nodes} and {@code gateways} show. */
public final class StatusView {
  private static final int LOOKS = 6;
  private static final long BETWEEN_LOOKS_NS = Duration.ofMillis(300).toNanos();

  private final Printer printer;
  private final ClusterLook look;

  private StatusView(Printer printer, ClusterLook look) {
    this.printer = printer;
    this.look = look;
  }

  /**
   * A change takes a moment to reach everybody: those who differ are asked again, unless a server
   * is fault: one that has just come back goes by what it had.
   */
  public static StatusView ask(Printer printer, InetSocketAddress manager) {
    ClusterLook look = ClusterLook.take(printer.options(), manager);
    for (int i = 1; i < LOOKS && look.hasDisagreement() && look.fault().isEmpty(); i++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
      look = ClusterLook.take(printer.options(), manager);
    }
    return new StatusView(printer, look);
  }

  /** As it is at this moment. */
  public static StatusView look(Printer printer, InetSocketAddress manager) {
    return new StatusView(printer, ClusterLook.take(printer.options(), manager));
  }

  /** The cluster, and all nodes. */
  public void status() {
    List<NodeRow> rows = NodeRow.all(look);
    boolean wide = printer.options().form() == OutputFormat.WIDE;
    String settings = wide ? ChangedSettings.lines(printer.options(), look) : "";
    String cluster = ClusterText.of(look, TimeSource.system().unixMillis());
    printer.text(cluster + settings + "\n" + table(rows, wide));
  }

  /** Managers and servers. */
  public void nodes() {
    List<NodeRow> rows = new ArrayList<>(NodeRow.all(look));
    rows.removeIf(row -> row.role().equals("gateway"));
    print(rows);
  }

  /**
   * The same for scripts: some columns of {@code -o wide}, with tabs between and without their
   * headings. Throws {@link CliException} when there is no such column.
   */
  public void nodes(List<String> columns) {
    List<String> all = NodeRow.headings();
    for (String column : columns) {
      if (!all.contains(column)) {
        throw CliException.usage("no column '" + column + "'; there are " + String.join(", ", all));
      }
    }
    NodeRow.all(look).stream()
        .filter(row -> !row.role().equals("gateway"))
        .forEach(row -> printer.text(row.line(columns) + "\n"));
  }

  /** Managers alone. */
  public void managers() {
    List<NodeRow> rows = new ArrayList<>(NodeRow.all(look));
    rows.removeIf(row -> !row.role().equals("manager"));
    print(rows);
  }

  /** Gateways alone. */
  public void gateways() {
    List<NodeRow> rows = new ArrayList<>(NodeRow.all(look));
    rows.removeIf(row -> !row.role().equals("gateway"));
    print(rows);
  }

  private void print(List<NodeRow> rows) {
    boolean wide = printer.options().form() == OutputFormat.WIDE;
    if (!printer.options().json()) {
      printer.text(table(rows, wide));
      return;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode list = json.putArray("nodes");
    rows.forEach(row -> list.add(NodeJson.of(row)));
    printer.print("", () -> json);
  }

  private static String table(List<NodeRow> rows, boolean wide) {
    List<String> heading = new ArrayList<>(NodeRow.SHORT_HEADING);
    if (wide) {
      heading.addAll(NodeRow.WIDE_HEADING);
    }
    TextTable table = new TextTable().row(heading);
    rows.forEach(row -> table.row(wide ? row.wideCells() : row.shortCells()));
    return table.text();
  }

  /** All of it for programs. */
  public ObjectNode json() {
    return NodeJson.of(look, TimeSource.system().unixMillis());
  }

  /** Says on standard error what is not as it should be. */
  public ExitStatus verdict() {
    List<String> faults = faults();
    faults.forEach(printer::note);
    NodeRow.all(look).stream()
        .flatMap(row -> LinkText.openOnes(row).stream())
        .forEach(printer::note);
    ServerStatisticsClient.buggy(new TreeMap<>(look.statistics()))
        .forEach((server, bugs) -> printer.note(server + " met bugs: " + bugs + "; see its log"));
    int survives = look.survives();
    if (survives >= 0 && survives < look.shouldSurvive()) {
      printer.note(ClusterText.survival(look));
    }
    return faults.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }

  private List<String> faults() {
    List<String> faults = new ArrayList<>();
    StandingOrders orders = look.voted().settings().orders();
    look.fault()
        .forEach(
            server ->
                faults.add(server + (orders.isSuspended(server) ? " is suspended" : " is fault")));
    for (NodeRow row : NodeRow.all(look)) {
      if (row.state().equals(NodeRow.SILENT)) {
        faults.add(row.address() + " does not answer");
      } else if (!row.agrees()) {
        faults.add(row.role() + " " + row.address() + " goes by other hash spaces");
      }
    }
    ServerStatisticsClient.full(new TreeMap<>(look.statistics()))
        .forEach(server -> faults.add("disk full on " + server + ": it refuses writes"));
    return faults;
  }

  /** What keeps the cluster from being settled, a line for each; empty when it is. */
  public List<String> unsettled() {
    List<String> open = new ArrayList<>(faults());
    if (look.info().hashSpace().isEmpty()) {
      open.add("no server is attached");
    }
    RebalanceState rebalance = look.rebalance();
    if (rebalance != null && rebalance.phase() != RebalanceState.IDLE) {
      open.add("records are being moved");
    }
    for (NodeAddress server :
        look.info().hashSpace().nodes().stream().map(Node::address).toList()) {
      NodeStatus status = look.nodes().get(server);
      if (status != null && !status.state().equals(NodeRow.SERVING)) {
        open.add(server + " is " + status.state());
      }
    }
    return open;
  }

  /** Those of the named nodes that are not there, a line for each. */
  public List<String> missing(List<String> named) {
    Set<String> there = new TreeSet<>();
    NodeRow.all(look).stream().filter(NodeRow::isThere).forEach(row -> there.add(row.address()));
    return named.stream()
        .filter(name -> !there.contains(name) && !there.contains(DeskNode.address(name)))
        .map(name -> name + " is not there")
        .toList();
  }
}
