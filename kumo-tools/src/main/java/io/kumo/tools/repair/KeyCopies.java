package io.kumo.tools.repair;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.repair.DescribeRecords;
import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.AllNodes;
import io.kumo.tools.KeyText;
import io.kumo.tools.Layout;
import io.kumo.tools.NodeOptions;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.TextTable;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What {@code kumoctl whereis} shows: a key's replicas, and what each server has of it. */
public final class KeyCopies {
  private static final int LOOKS = 5;
  private static final long BETWEEN_LOOKS_NS = Duration.ofMillis(200).toNanos();

  private final ByteBuf rawKey;
  private final Layout layout;
  private final SortedMap<NodeAddress, RecordReport> reports;

  private KeyCopies(ByteBuf rawKey, Layout layout, SortedMap<NodeAddress, RecordReport> reports) {
    this.rawKey = rawKey;
    this.layout = layout;
    this.reports = reports;
  }

  /** What is being written differs for a moment: then all are asked again. */
  public static KeyCopies ask(Printer printer, InetSocketAddress manager, ByteBuf rawKey) {
    Layout layout = Layout.of(printer.options(), manager);
    if (layout.spaces().write().nodes().isEmpty()) {
      throw CliException.failed(NodeAddress.of(manager) + " has no server attached");
    }
    NodeOptions nodes = printer.options().nodes();
    KeyCopies copies = look(layout, nodes, rawKey);
    for (int i = 1; i < LOOKS && copies.differ(); i++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NS);
      copies = look(layout, nodes, rawKey);
    }
    return copies;
  }

  private static KeyCopies look(Layout layout, NodeOptions nodes, ByteBuf rawKey) {
    List<NodeAddress> servers = new ArrayList<>(layout.active());
    servers.addAll(layout.newcomers());
    return new KeyCopies(
        rawKey, layout, AllNodes.ask(servers, nodes, client -> ask(client, rawKey)));
  }

  private static Optional<RecordReport> ask(RpcClient server, ByteBuf rawKey) {
    return server.callIfKnown(
        new DescribeRecords(List.of(rawKey.duplicate())),
        in -> DescribeRecords.readResult(in).stream().findFirst(),
        Optional::empty);
  }

  private HashSpace write() {
    return layout.spaces().write();
  }

  private long hash() {
    return RawKey.hash(rawKey);
  }

  /** The newest of what the replicas have; of two of one ClockTime that of the greater checksum. */
  private @Nullable RecordReport newest() {
    RecordReport newest = null;
    for (NodeAddress replica : write().activeReplicas(hash())) {
      RecordReport report = reports.get(replica);
      if (report != null && report.isThere() && (newest == null || isNewer(report, newest))) {
        newest = report;
      }
    }
    return newest;
  }

  private static boolean isNewer(RecordReport a, RecordReport b) {
    int order = Long.compareUnsigned(a.clockTime(), b.clockTime());
    return order != 0 ? order > 0 : Integer.compareUnsigned(a.checksum(), b.checksum()) > 0;
  }

  private boolean differs(NodeAddress replica) {
    RecordReport report = reports.get(replica);
    RecordReport newest = newest();
    if (report == null || newest == null) {
      return report != null && report.kind() == RecordReport.Kind.DAMAGED;
    }
    return !report.isSame(newest);
  }

  /** Whether an active replica that answers has not what the others have. */
  public boolean differ() {
    return write().activeReplicas(hash()).stream().anyMatch(this::differs);
  }

  /** Prints it; what the program is to end with. */
  public ExitStatus print(Printer printer) {
    printer.print(text(), this::json);
    boolean silent =
        write().activeReplicas(hash()).stream().anyMatch(node -> !reports.containsKey(node));
    if (differ()) {
      printer.note("the copies differ; recover makes them equal");
    }
    return differ() || silent ? ExitStatus.NOT_AS_IT_SHOULD_BE : ExitStatus.DONE;
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    out.append("key       ").append(KeyText.of(rawKey)).append('\n');
    out.append(String.format(Locale.ROOT, "hash      %016x%n", hash()));
    List<String> replicas =
        write().replicas(hash()).stream().map(node -> node.address().toString()).toList();
    out.append("replicas  ").append(String.join(", ", replicas)).append("\n\n");
    TextTable table =
        new TextTable()
            .row(
                List.of(
                    "node", "as", "holds", "ClockTime", "bytes", "flags", "expires", "checksum"));
    for (NodeAddress server : servers()) {
      table.row(cells(server));
    }
    return out.append(table.text()).toString();
  }

  /** Replicas in their order, then others that have something of the key. */
  private List<NodeAddress> servers() {
    List<NodeAddress> servers = new ArrayList<>();
    write().replicas(hash()).forEach(node -> servers.add(node.address()));
    reports.forEach(
        (server, report) -> {
          if (report.kind() != RecordReport.Kind.NONE && !servers.contains(server)) {
            servers.add(server);
          }
        });
    return servers;
  }

  private String role(NodeAddress server) {
    Optional<Node> replica =
        write().replicas(hash()).stream().filter(n -> n.address().equals(server)).findFirst();
    if (replica.isEmpty()) {
      boolean former =
          layout.spaces().read().activeReplicas(hash()).stream().anyMatch(server::equals);
      return former ? "replica until moved" : "no replica";
    } else if (!replica.get().active()) {
      return "fault";
    }
    return server.equals(write().coordinator(hash())) ? "coordinator" : "replica";
  }

  private List<String> cells(NodeAddress server) {
    RecordReport report = reports.get(server);
    if (report == null) {
      return List.of(server.toString(), role(server), "does not say", "", "", "", "", "");
    }
    String holds = word(report) + (isReplica(server) && differs(server) ? " !" : "");
    if (!report.isThere()) {
      return List.of(server.toString(), role(server), holds, "", "", "", "", "");
    }
    boolean item = report.kind() == RecordReport.Kind.ITEM;
    return List.of(
        server.toString(),
        role(server),
        holds,
        ClockTime.format(report.clockTime()),
        String.valueOf(report.valueBytes()),
        item ? Integer.toUnsignedString(report.flags()) : "",
        item ? expiry(report) : "",
        String.format(Locale.ROOT, "%08x", report.checksum()));
  }

  private boolean isReplica(NodeAddress server) {
    return write().activeReplicas(hash()).contains(server);
  }

  private static String word(RecordReport report) {
    return switch (report.kind()) {
      case NONE -> "nothing";
      case ITEM -> "item";
      case ORIGINAL -> "record of kumofs";
      case TOMBSTONE -> "tombstone";
      case DAMAGED -> "damaged record";
    };
  }

  private static String expiry(RecordReport report) {
    return report.expiry() == 0 ? "never" : Instant.ofEpochSecond(report.expiry()).toString();
  }

  private ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("key", KeyText.of(rawKey)).put("hash", String.format(Locale.ROOT, "%016x", hash()));
    json.put("differ", differ());
    ArrayNode copies = json.putArray("copies");
    for (NodeAddress server : servers()) {
      ObjectNode copy = copies.addObject();
      copy.put("server", server.toString()).put("as", role(server));
      RecordReport report = reports.get(server);
      if (report != null) {
        copy.put("holds", word(report)).put("differs", isReplica(server) && differs(server));
        copy.put("clocktime", Long.toUnsignedString(report.clockTime()));
        copy.put("bytes", report.valueBytes()).put("flags", Integer.toUnsignedLong(report.flags()));
        copy.put("expiry", report.expiry());
        copy.put("checksum", String.format(Locale.ROOT, "%08x", report.checksum()));
      }
    }
    return json;
  }
}
