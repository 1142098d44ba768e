package io.kumo.manager.control;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks active servers fault that are lost, or not the process that was attached. */
final class FaultMarker {
  private static final Logger log = LoggerFactory.getLogger(FaultMarker.class);

  private final MemberTable table;
  private final NodeWatch watch;
  private final Direction direction;
  private final HashSpaceBroadcast broadcast;
  private final RebalanceControl rebalance;
  private final RestartWatch restarts;

  FaultMarker(
      MemberTable table,
      NodeWatch watch,
      Direction direction,
      HashSpaceBroadcast broadcast,
      RebalanceControl rebalance,
      RestartWatch restarts) {
    this.table = table;
    this.watch = watch;
    this.direction = direction;
    this.broadcast = broadcast;
    this.rebalance = rebalance;
    this.restarts = restarts;
  }

  /** Marks whom it has to, and starts to wait for active servers that are not connected. */
  void mark() {
    if (direction.mayDecide() && restarts.readmit()) {
      publish();
    }
    List<NodeAddress> faults = new ArrayList<>(restarts.restarted());
    for (NodeAddress server : table.missing()) {
      if (watch.isGone(server) && !restarts.isOpen()) {
        faults.add(server);
      } else {
        watch.expect(server);
      }
    }
    mark(faults);
  }

  /** Marks these, if this manager directs. */
  void mark(List<NodeAddress> faults) {
    if (direction.mayDecide() && !faults.isEmpty() && table.markFault(faults)) {
      publish();
    }
  }

  private void publish() {
    logChange();
    broadcast.publish();
    rebalance.faultsMarked();
  }

  /** The hash space has changed, in the words of kumofs. */
  void logChange() {
    log.info(
        "update hash space at time({})", Long.toUnsignedString(table.spaces().write().clockTime()));
  }
}
