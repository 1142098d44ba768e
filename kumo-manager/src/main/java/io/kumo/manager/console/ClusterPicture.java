package io.kumo.manager.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.http.StatusJson;
import io.kumo.core.metrics.Percentiles;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.status.Gateways;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.VirtualNode;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.manager.ManagerControl;
import io.kumo.manager.rebalance.PhaseProgress;
import io.kumo.manager.rebalance.RebalanceDirector;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The cluster as this manager sees it, for programs and for its console. On the manager's loop. */
final class ClusterPicture {
  private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(2500);
  private static final String WRITES = "kumo_server_write_seconds";
  private static final int SHOWN_EVENTS = 100;

  private final ManagerControl control;
  private final RpcEndpoint endpoint;
  private final ServerStatisticsPoll statistics;
  private final EventHistory history;

  ClusterPicture(
      ManagerControl control,
      RpcEndpoint endpoint,
      ServerStatisticsPoll statistics,
      EventHistory history) {
    this.control = control;
    this.endpoint = endpoint;
    this.statistics = statistics;
    this.history = history;
  }

  /** Adds what it knows to {@code status}. */
  void describe(ObjectNode status) {
    statistics.watched();
    NodeAddress partner = control.partner().partner();
    status.put("directs", control.membership().direction().mayDecide());
    status.put("partner", partner == null ? null : partner.toString());
    status.put("partner_in_touch", control.partner().inTouch());
    status.put("time", endpoint.transport().time().unixMillis());
    status.put("layout", Long.toUnsignedString(control.table().spaces().write().clockTime()));
    status.set("view", StatusJson.view(control.table().spaces()));
    ArrayNode servers = status.putArray("servers");
    known().forEach(server -> servers.add(server(server)));
    ArrayNode gateways = status.putArray("gateways");
    for (Gateways.Gateway gateway : control.gateways()) {
      gateways
          .addObject()
          .put("address", gateway.status().address())
          .put("from", gateway.from())
          .put("connections", gateway.status().connections())
          .put("operations", gateway.rate())
          .put("version", gateway.status().version());
    }
    ObjectNode rebalance = rebalance(control.rebalance().director());
    rebalance.put("paused", control.table().orders().rebalancePaused());
    status.set("rebalance", rebalance);
    ArrayNode events = status.putArray("events");
    List<EventHistory.Event> all = history.all();
    for (EventHistory.Event event :
        all.subList(Math.max(0, all.size() - SHOWN_EVENTS), all.size())) {
      events
          .addObject()
          .put("number", event.number())
          .put("time", event.unixMillis())
          .put("weight", event.weight().name().toLowerCase(Locale.ROOT))
          .put("text", event.text());
    }
  }

  /** Servers that are there or that the layout names. */
  private SortedSet<NodeAddress> known() {
    SortedSet<NodeAddress> known = new TreeSet<>(control.table().live().keySet());
    control.table().spaces().write().nodes().forEach(node -> known.add(node.address()));
    return known;
  }

  private ObjectNode server(NodeAddress server) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    HashSpace write = control.table().spaces().write();
    boolean answers = endpoint.peer(server).connected();
    shown.put("address", server.toString());
    shown.put("attached", write.find(server).isPresent());
    shown.put("active", write.isActive(server));
    shown.put("answers", answers);
    shown.put("clock_off", control.membership().clocks().isSkewed(server));
    ServerStatisticsPoll.Known known = statistics.of(server);
    ServerStatisticsPoll.Look last = known == null ? null : known.last();
    boolean fresh = answers && last != null && statistics.nowNs() - last.atNs() < FRESH_NS;
    shown.put("state", state(server, answers, fresh ? last : null));
    if (fresh && known != null && last != null) {
      describe(shown, known.before(), last);
    }
    return shown;
  }

  private String state(
      NodeAddress server, boolean answers, ServerStatisticsPoll.@Nullable Look figuresOfNow) {
    HashSpace write = control.table().spaces().write();
    if (write.find(server).isEmpty()) {
      return "new";
    } else if (!write.isActive(server) && control.table().orders().isSuspended(server)) {
      return "suspended";
    } else if (!write.isActive(server)) {
      return answers ? "returning" : "fault";
    } else if (!answers) {
      return "silent";
    } else if (figuresOfNow == null) {
      return "active";
    } else if (ofServer(figuresOfNow, "disk_full") != 0) {
      return "disk full";
    }
    return ofServer(figuresOfNow, "serving") != 0 ? "serving" : "catching up";
  }

  private static void describe(
      ObjectNode shown,
      ServerStatisticsPoll.@Nullable Look before,
      ServerStatisticsPoll.Look last) {
    shown.put("items", ofServer(last, "items"));
    shown.put("item_bytes", ofServer(last, "item_bytes"));
    shown.put("file_bytes", ofServer(last, "file_bytes"));
    shown.put("spare_bytes", ofServer(last, "spare_bytes"));
    shown.put("damaged", ofServer(last, "damaged_items"));
    shown.put("bugs", last.statistics().get(ServerStatistics.BUGS));
    if (before == null) {
      return;
    }
    double seconds = (last.atNs() - before.atNs()) / 1e9;
    shown.put("gets", rate(before, last, "gets_total", seconds));
    shown.put("sets", rate(before, last, "sets_total", seconds));
    shown.put("deletes", rate(before, last, "deletes_total", seconds));
    SortedMap<String, Long> then = before.statistics().values();
    Percentiles writes = Percentiles.between(then, last.statistics().values(), WRITES);
    if (writes.count() > 0) {
      shown.put("write_p50_ms", writes.at(0.5) * 1000);
      shown.put("write_p99_ms", writes.at(0.99) * 1000);
    }
  }

  private static long ofServer(ServerStatisticsPoll.Look look, String name) {
    return look.statistics().get("kumo_server_" + name);
  }

  private static double rate(
      ServerStatisticsPoll.Look before,
      ServerStatisticsPoll.Look last,
      String name,
      double seconds) {
    return Math.max(0, (ofServer(last, name) - ofServer(before, name)) / seconds);
  }

  private static ObjectNode rebalance(RebalanceDirector director) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    PhaseProgress progress = director.progress();
    shown.put("phase", director.phase().name().toLowerCase(Locale.ROOT));
    shown.put("outcome", director.outcome().name().toLowerCase(Locale.ROOT));
    shown.put("full", director.isFull());
    shown.put("scanned", progress.scanned()).put("total", progress.total());
    shown.put("moved", progress.moved()).put("bytes", progress.bytes());
    if (director.replaceTime() != 0) {
      shown.put("named", ClockTime.format(director.replaceTime()));
    }
    ArrayNode waiting = shown.putArray("waiting_for");
    director.waitingFor().forEach(server -> waiting.add(server.toString()));
    return shown;
  }

  /**
   * Where each server's parts of the ring end, as shares of the whole from 0 to 1, growing; a part
   * begins where the one before ends, the first one where the last one does.
   */
  ObjectNode ring() {
    HashSpace write = control.table().spaces().write();
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    shown.put("layout", Long.toUnsignedString(write.clockTime()));
    ArrayNode servers = shown.putArray("servers");
    write.nodes().forEach(node -> servers.add(node.address().toString()));
    Map<NodeAddress, Integer> numbers = new HashMap<>();
    write.nodes().forEach(node -> numbers.put(node.address(), numbers.size()));
    ArrayNode points = shown.putArray("points");
    for (VirtualNode point : write.dump()) {
      points.addArray().add(part(point.hash())).add(numbers.get(point.node().address()));
    }
    return shown;
  }

  private static double part(long unsigned) {
    return (unsigned >>> 11) / (double) (1L << 53);
  }
}
