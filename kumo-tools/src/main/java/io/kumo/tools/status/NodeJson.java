package io.kumo.tools.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.protocol.status.NodeLink;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.Suspension;
import io.kumo.tools.ServerStatisticsClient;
import java.util.Locale;

/** The same for programs: unsigned 64-bit numbers are strings, times are as they are. */
final class NodeJson {
  private NodeJson() {}

  static ObjectNode of(ClusterLook look, long nowMs) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ClusterView view = look.voted();
    json.put("version", ClusterText.versions(look));
    json.put("replicas", look.copies());
    json.put("survives", look.survives()).put("shouldSurvive", look.shouldSurvive());
    json.put("agreed", !look.hasDisagreement());
    NodeAddress director = look.view() == null ? null : look.view().director();
    json.put("director", director == null ? null : director.toString());
    if (!view.isNone()) {
      json.put("cluster", ClusterText.clusterId(view)).put("view", view.id().toString());
      json.put("leaseMs", view.settings().leaseMs());
      ArrayNode voters = json.putArray("voters");
      view.voters().members().forEach(voter -> voters.add(voter.address().toString()));
    }
    json.put("rebalance", ClusterText.rebalance(look, nowMs));
    orders(json, view.settings().orders());
    ArrayNode managers = json.putArray("managers");
    look.managers().forEach(manager -> managers.add(of(NodeRow.manager(look, manager))));
    ArrayNode servers = json.putArray("servers");
    look.servers().forEach(server -> servers.add(of(NodeRow.server(look, server))));
    ArrayNode gateways = json.putArray("gateways");
    look.gateways().forEach(gateway -> gateways.add(of(NodeRow.gateway(look, gateway))));
    return json;
  }

  private static void orders(ObjectNode json, StandingOrders orders) {
    json.put("rebalancePaused", orders.rebalancePaused());
    json.put("rebalanceBytesPerSecond", orders.bytesPerSecond());
    ArrayNode suspended = json.putArray("suspended");
    for (Suspension suspension : orders.suspended()) {
      suspended
          .addObject()
          .put("address", suspension.server().toString())
          .put("untilSeconds", suspension.untilSeconds());
    }
  }

  static ObjectNode of(NodeRow row) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("role", row.role()).put("address", row.address()).put("state", row.state());
    NodeStatus status = row.status();
    if (row.incarnation() != 0) {
      json.put("incarnation", Long.toUnsignedString(row.incarnation()));
    }
    if (row.statistics() != null) {
      json.put("items", row.statistics().get("kumo_server_items"));
      json.put("bytes", row.statistics().get("kumo_server_item_bytes"));
      json.put("diskFull", ServerStatisticsClient.isDiskFull(row.statistics()));
      json.put("bugs", row.statistics().get(ServerStatistics.BUGS));
      json.put("damagedItems", row.statistics().get("kumo_server_damaged_items"));
      json.set("scrub", scrub(row.statistics()));
    }
    if (status == null) {
      return json;
    }
    json.put("zone", row.zone()).put("agrees", row.agrees());
    json.set("write", of(status.write()));
    json.set("read", of(status.read()));
    json.put("view", status.view().toString()).put("lease", status.lease());
    json.put("updatedAtMs", status.changedMs()).put("uptimeSeconds", status.uptimeSeconds());
    json.put("version", status.version()).put("security", status.security());
    ArrayNode links = json.putArray("links");
    for (NodeLink link : status.links()) {
      links
          .addObject()
          .put("kind", link.kind())
          .put("peer", link.peer())
          .put("security", link.security())
          .put("count", link.count());
    }
    if (row.rate() >= 0) {
      json.put("connections", status.connections()).put("operationsPerSecond", row.rate());
    }
    return json;
  }

  private static ObjectNode scrub(ServerStatistics statistics) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("bytesPerSecond", statistics.get("kumo_server_scrub_bytes_per_second"))
        .put("percent", statistics.get("kumo_server_scrub_percent"))
        .put("lastPassEndedSeconds", statistics.get("kumo_server_scrub_ended_seconds"))
        .put("lastPassFound", statistics.get("kumo_server_scrub_found"));
  }

  private static ObjectNode of(RingState ring) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("clocktime", Long.toUnsignedString(ring.clockTime()))
        .put("digest", String.format(Locale.ROOT, "%08x", ring.digest()));
  }
}
