package io.kumo.gateway;

import io.kumo.core.desk.ConfigOrder;
import io.kumo.core.desk.LogLevelOrder;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.route.request.ReadLevel;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.gateway.client.ConnectionTable;
import java.util.List;

/**
 * What operators may change of a gateway while it runs. The managers pass that on, over the
 * connection by which the gateway has come to them; it is changed on each loop in turn. Confined to
 * the loop of that connection.
 */
final class GatewaySettings {
  private final List<GatewayLoop> loops;
  private final ConnectionTable connections;
  private final long greatestItemBytes;
  private Values now;

  /** What counts. */
  record Values(int maxItemBytes, int maxConnections, ReadLevel reads) {}

  GatewaySettings(GatewayConfig config, List<GatewayLoop> loops, ConnectionTable connections) {
    this.loops = List.copyOf(loops);
    this.connections = connections;
    this.greatestItemBytes = config.limits().maxItemBytes();
    this.now =
        new Values(
            config.memcached().maxItemBytes(),
            config.limits().maxConnections(),
            config.router().reads());
  }

  /** Before the endpoint connects. */
  void register(RpcEndpoint endpoint) {
    LogLevelOrder.register(endpoint);
    ConfigOrder.register(endpoint)
        .offer(
            NodeSetting.MAX_ITEM_SIZE,
            () -> now.maxItemBytes(),
            bytes -> change(new Values((int) bytes, now.maxConnections(), now.reads())),
            () -> greatestItemBytes)
        .offer(
            NodeSetting.MAX_CONNECTIONS,
            () -> now.maxConnections(),
            count -> change(new Values(now.maxItemBytes(), (int) count, now.reads())))
        .offer(
            NodeSetting.READS,
            () -> now.reads().id(),
            level ->
                change(
                    new Values(now.maxItemBytes(), now.maxConnections(), ReadLevel.byId(level))));
  }

  private void change(Values values) {
    now = values;
    connections.limit(values.maxConnections());
    loops.forEach(loop -> loop.adjust(values));
  }
}
