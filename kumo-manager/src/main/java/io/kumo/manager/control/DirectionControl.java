package io.kumo.manager.control;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows when it changes who directs, or who is lost. Confined to the manager's loop. */
final class DirectionControl {
  private static final Logger log = LoggerFactory.getLogger(DirectionControl.class);

  private final Direction direction;
  private final NodeWatch watch;
  private final FaultMarker faults;
  private final HashSpaceBroadcast broadcast;
  private final RebalanceControl rebalance;

  DirectionControl(
      Direction direction,
      NodeWatch watch,
      FaultMarker faults,
      HashSpaceBroadcast broadcast,
      RebalanceControl rebalance) {
    this.direction = direction;
    this.watch = watch;
    this.faults = faults;
    this.broadcast = broadcast;
    this.rebalance = rebalance;
  }

  boolean mayDecide() {
    return direction.mayDecide();
  }

  /** Marks whom it has to, and starts to wait for active servers that are not connected. */
  void markFaults() {
    faults.mark();
  }

  /** Newer hash spaces came from a kumofs 0.4.13 partner, which sees to what they leave open. */
  void superseded() {
    rebalance.superseded(direction.mayDecide());
  }

  /**
   * Newer hash spaces came from elsewhere. Whoever sent them may be the only one to have them: the
   * manager that directs makes them known and goes on with what they leave open, the other one
   * tells it.
   */
  void takenOver() {
    superseded();
    faults.mark();
    if (direction.mayDecide()) {
      broadcast.publish();
      rebalance.resume();
    } else {
      broadcast.syncPartner();
    }
  }

  /** Acts on a change of who directs. */
  void review() {
    switch (direction.review()) {
      case NONE -> {}
      case BEGINS -> {
        log.info("this manager directs");
        faults.mark();
        broadcast.publish();
        rebalance.resume();
      }
      case ENDS -> rebalance.stop();
    }
  }

  /** Who has fallen silent may be lost, or nobody but this manager. */
  void judgeSilent() {
    List<NodeAddress> lost = watch.judge();
    review();
    faults.mark();
    lost.forEach(rebalance::lost);
  }
}
