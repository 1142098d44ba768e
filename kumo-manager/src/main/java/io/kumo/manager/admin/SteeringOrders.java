package io.kumo.manager.admin;

import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.view.StandingOrders;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a rebalance wait, go on, go slower, or be put back. Servers and the next director know of it
 * from the view, so it needs votes. Confined to the manager's loop.
 */
final class SteeringOrders {
  private static final Logger log = LoggerFactory.getLogger(SteeringOrders.class);

  private final ManagerContext context;
  private final MemberTable table;
  private final RebalanceControl rebalance;

  SteeringOrders(ManagerContext context) {
    this.context = context;
    this.table = context.table();
    this.rebalance = context.rebalance();
  }

  /** Changes what is to be made known; why not, when it cannot be: then nothing has changed. */
  @Nullable String steer(SteerRebalance order) {
    if (!context.membership().direction().votes().isOn()) {
      return "nodes of kumofs 0.4.13 are among these, which know no such order";
    }
    StandingOrders orders = table.orders();
    return switch (order.step()) {
      case PAUSE -> pause(orders);
      case RESUME -> resume(orders);
      case CANCEL -> cancel();
      case THROTTLE -> {
        log.warn(
            "told to move {} bytes a second at most; 0 is as servers say", order.bytesPerSecond());
        table.setOrders(orders.withRate(order.bytesPerSecond()));
        yield null;
      }
    };
  }

  private @Nullable String pause(StandingOrders orders) {
    if (orders.rebalancePaused()) {
      return "it is paused already";
    } else if (!rebalance.director().phase().isRunning()) {
      return "no rebalance is under way";
    }
    log.warn("told to move no records until further notice");
    table.setOrders(orders.withPause(true));
    return null;
  }

  private @Nullable String resume(StandingOrders orders) {
    if (!orders.rebalancePaused()) {
      return "it is not paused";
    }
    log.warn("told to move records again");
    table.setOrders(orders.withPause(false));
    return null;
  }

  private @Nullable String cancel() {
    String objection =
        rebalance.cancel(
            server -> context.membership().orders().eligible(List.of(server)).contains(server));
    if (objection == null) {
      table.setOrders(table.orders().withPause(false));
    }
    return objection;
  }
}
