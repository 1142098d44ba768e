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
  private final RestartWatch restarts;

  DirectionControl(
      Direction direction,
      NodeWatch watch,
      FaultMarker faults,
      HashSpaceBroadcast broadcast,
      RebalanceControl rebalance,
      RestartWatch restarts) {
    this.direction = direction;
    this.watch = watch;
    this.faults = faults;
    this.broadcast = broadcast;
    this.rebalance = rebalance;
    this.restarts = restarts;
  }

  boolean mayDecide() {
    return direction.mayDecide();
  }

  /** Marks whom it has to, and starts to wait for active servers that are not connected. */
  void markFaults() {
    faults.mark();
  }

  /** Marks a server that is about to stop. */
  void markLeaving(NodeAddress server) {
    faults.mark(List.of(server));
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
        begin();
      }
      case ENDS -> {
        rebalance.stop();
        restarts.end();
      }
    }
  }

  private void begin() {
    boolean byVotes = direction.votes().isOn();
    if (byVotes) {
      rebalance.recall(direction.votes().openRebalance());
      watch.begin(direction.votes()::wasCutOff);
      restarts.begin();
    }
    faults.mark();
    broadcast.publish();
    if (byVotes) {
      rebalance.takeOver(direction.votes().openRebalance());
    } else {
      rebalance.resume();
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
