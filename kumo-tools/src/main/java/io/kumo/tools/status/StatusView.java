package io.kumo.tools.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.StandingOrders;
import io.kumo.tools.OutputFormat;
import io.kumo.tools.Printer;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.TextTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
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
    boolean asItShouldBe = look.fault().isEmpty();
    StandingOrders orders = look.voted().settings().orders();
    look.fault()
        .forEach(
            server ->
                printer.note(
                    server + (orders.isSuspended(server) ? " is suspended" : " is fault")));
    for (NodeRow row : NodeRow.all(look)) {
      if (row.state().equals("silent")) {
        printer.note(row.address() + " does not answer");
        asItShouldBe = false;
      } else if (!row.agrees()) {
        printer.note(row.role() + " " + row.address() + " goes by other hash spaces");
        asItShouldBe = false;
      }
      LinkText.openOnes(row).forEach(printer::note);
    }
    TreeMap<NodeAddress, ServerStatistics> statistics = new TreeMap<>(look.statistics());
    for (NodeAddress server : ServerStatisticsClient.full(statistics)) {
      printer.note("disk full on " + server + ": it refuses writes");
      asItShouldBe = false;
    }
    ServerStatisticsClient.buggy(statistics)
        .forEach((server, bugs) -> printer.note(server + " met bugs: " + bugs + "; see its log"));
    int survives = look.survives();
    if (survives >= 0 && survives < look.shouldSurvive()) {
      printer.note(ClusterText.survival(look));
    }
    return asItShouldBe ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }
}
