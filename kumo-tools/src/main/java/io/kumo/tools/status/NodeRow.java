package io.kumo.tools.status;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ViewMember;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of one node.
 *
 * @param state in a word or two; what is known of it when it does not answer
 * @param status null when it does not answer, or is one of kumofs 0.4.13
 * @param agrees whether it goes by the hash spaces of the manager that directs
 * @param incarnation random number of its process; 0 where that is not told
 * @param rate operations of clients a second; negative where that is not told
 */
record NodeRow(
    String role,
    String address,
    String state,
    String zone,
    @Nullable NodeStatus status,
    @Nullable ServerStatistics statistics,
    boolean agrees,
    long incarnation,
    long rate) {
  /** Marks hash spaces that are not those of the manager that directs. */
  static final String DIFFERS = "!";

  /** Ought to answer, and does not. */
  static final String SILENT = "silent";

  /** An attached server that answers clients. */
  static final String SERVING = "serving";

  private static final String FAULT = "fault";

  /** Out for maintenance, by order. */
  static final String SUSPENDED = "suspended";

  static final List<String> SHORT_HEADING =
      List.of("role", "node", "state", "zone", "items", "bytes", "write", "read", "updated at");
  static final List<String> WIDE_HEADING =
      List.of(
          "write ClockTime",
          "read ClockTime",
          "view",
          "lease",
          "uptime",
          "version",
          "security",
          "links",
          "clients",
          "rate",
          "scrubbed at",
          "found",
          "damaged",
          "incarnation");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  static List<NodeRow> all(ClusterLook look) {
    List<NodeRow> rows = new ArrayList<>();
    look.managers().forEach(manager -> rows.add(manager(look, manager)));
    look.servers().forEach(server -> rows.add(server(look, server)));
    look.gateways().forEach(gateway -> rows.add(gateway(look, gateway)));
    return rows;
  }

  static NodeRow manager(ClusterLook look, NodeAddress address) {
    NodeStatus status = look.nodes().get(address);
    String state = status != null ? status.state() : look.isOfKumofs() ? "kumofs" : SILENT;
    boolean agrees = status == null || look.agrees(status);
    return new NodeRow("manager", address.toString(), state, "", status, null, agrees, 0, -1);
  }

  static NodeRow server(ClusterLook look, NodeAddress address) {
    NodeStatus status = look.nodes().get(address);
    boolean attached = look.info().hashSpace().find(address).isPresent();
    return new NodeRow(
        "server",
        address.toString(),
        state(look, address, status, attached),
        zone(look, address),
        status,
        look.statistics().get(address),
        status == null || !attached || look.agrees(status),
        look.incarnations().getOrDefault(address, 0L),
        -1);
  }

  private static String state(
      ClusterLook look, NodeAddress address, @Nullable NodeStatus status, boolean attached) {
    boolean active = look.info().hashSpace().isActive(address);
    if (attached && !active && look.voted().settings().orders().isSuspended(address)) {
      return SUSPENDED;
    }
    if (!attached) {
      return "not attached";
    } else if (!active) {
      return look.info().newcomers().contains(address) ? "fault, returned" : FAULT;
    }
    return status != null ? status.state() : look.isOfKumofs() ? "active" : SILENT;
  }

  private static String zone(ClusterLook look, NodeAddress address) {
    return look.voted().layout().members().stream()
        .filter(member -> member.address().equals(address))
        .map(ViewMember::zone)
        .findFirst()
        .orElse("");
  }

  static NodeRow gateway(ClusterLook look, Gateways.Gateway gateway) {
    NodeStatus status = gateway.status();
    return new NodeRow(
        "gateway",
        status.address(),
        status.state(),
        "",
        status,
        null,
        look.agrees(status),
        0,
        gateway.rate());
  }

  /** Whether its process runs and can be reached, attached or not. */
  boolean isThere() {
    return !state.equals(SILENT) && !state.equals(FAULT) && !(role.equals("server") && lost());
  }

  /** A server that is suspended, or of kumofs 0.4.13, says nothing. */
  private boolean lost() {
    return state.equals(SUSPENDED) && status == null;
  }

  List<String> shortCells() {
    return List.of(
        role,
        address,
        state,
        zone,
        figure("kumo_server_items"),
        figure("kumo_server_item_bytes"),
        digest(status == null ? null : status.write()),
        digest(status == null ? null : status.read()),
        updated());
  }

  List<String> wideCells() {
    List<String> cells = new ArrayList<>(shortCells());
    if (status == null) {
      WIDE_HEADING.forEach(heading -> cells.add(""));
      return cells;
    }
    boolean ofServer = role.equals("server");
    cells.add(since(status.write()));
    cells.add(since(status.read()));
    cells.add(status.view().version() == 0 ? "" : status.view().toString());
    cells.add(ofServer ? status.lease() ? "held" : "none" : "");
    cells.add(Durations.text(status.uptimeSeconds()));
    cells.add(status.version());
    cells.add(status.security());
    cells.add(LinkText.summary(status.links()));
    cells.add(rate < 0 ? "" : String.valueOf(status.connections()));
    cells.add(rate < 0 ? "" : rate + "/s");
    cells.add(scrubbed());
    cells.add(figure("kumo_server_scrub_found"));
    cells.add(figure("kumo_server_damaged_items"));
    cells.add(incarnation == 0 ? "" : Long.toUnsignedString(incarnation));
    return cells;
  }

  /** Of all columns. */
  static List<String> headings() {
    return Stream.concat(SHORT_HEADING.stream(), WIDE_HEADING.stream()).toList();
  }

  /** What the columns of these headings hold, with tabs between; a dash for nothing. */
  String line(List<String> headings) {
    List<String> all = headings();
    List<String> mine = wideCells();
    return headings.stream()
        .map(heading -> mine.get(all.indexOf(heading)))
        .map(cell -> cell.isEmpty() ? "-" : cell)
        .collect(Collectors.joining("\t"));
  }

  private String figure(String name) {
    return statistics == null ? "" : Long.toUnsignedString(statistics.get(name));
  }

  private String scrubbed() {
    long seconds = statistics == null ? 0 : statistics.get("kumo_server_scrub_ended_seconds");
    return seconds == 0 ? "" : time(seconds);
  }

  private String digest(@Nullable RingState ring) {
    if (ring == null || ring.clockTime() == 0) {
      return "";
    }
    return String.format(Locale.ROOT, "%08x", ring.digest()) + (agrees ? "" : DIFFERS);
  }

  private String updated() {
    return status == null || status.changedMs() == 0
        ? ""
        : TIME.withZone(ZoneId.systemDefault()).format(Instant.ofEpochMilli(status.changedMs()));
  }

  /** The ClockTime: seconds in the local time zone, and the counter. */
  private static String since(RingState ring) {
    if (ring.clockTime() == 0) {
      return "";
    }
    String counter = Integer.toUnsignedString(ClockTime.counter(ring.clockTime()));
    return time(ClockTime.seconds(ring.clockTime())) + " #" + counter;
  }

  /** In the local time zone. */
  static String time(long unixSeconds) {
    return TIME.withZone(ZoneId.systemDefault()).format(Instant.ofEpochSecond(unixSeconds));
  }
}
