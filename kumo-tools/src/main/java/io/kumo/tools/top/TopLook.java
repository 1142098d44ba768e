package io.kumo.tools.top;

import io.kumo.core.protocol.admin.RebalanceState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen at one look.
 *
 * @param rebalance as the manager tells it; null without a manager that does
 * @param paused whether an operator has the rebalance wait
 * @param unixMillis when
 */
record TopLook(
    List<TopRow> servers,
    List<GatewayRow> gateways,
    @Nullable RebalanceState rebalance,
    boolean paused,
    long unixMillis) {
  TopLook {
    servers = List.copyOf(servers);
    gateways = List.copyOf(gateways);
  }
}
