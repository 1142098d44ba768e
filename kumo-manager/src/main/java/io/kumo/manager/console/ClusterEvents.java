package io.kumo.manager.console;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.ManagerControl;
import io.kumo.manager.console.EventHistory.Weight;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.rebalance.RebalanceOutcome;
import io.kumo.manager.rebalance.RebalancePhase;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out, a few times a second, what has changed of the layout and of the rebalance, and notes
 * it as events. Confined to the manager's loop.
 */
final class ClusterEvents {
  private final ManagerControl control;
  private final EventHistory history;
  private final Map<NodeAddress, Boolean> nodes = new HashMap<>();
  private long writeTime;
  private RebalancePhase phase = RebalancePhase.IDLE;
  private boolean mayDecide;

  ClusterEvents(ManagerControl control, EventHistory history) {
    this.control = control;
    this.history = history;
  }

  /** Compares with what was there the last time. */
  void look() {
    lookAtDirection(control.membership().direction().mayDecide());
    lookAtLayout(control.table().spaces());
    lookAtRebalance(control.rebalance().director());
  }

  private void lookAtDirection(boolean now) {
    if (now != mayDecide) {
      mayDecide = now;
      history.add(
          Weight.PLAIN, now ? "this manager directs" : "this manager does not direct any more");
    }
  }

  private void lookAtLayout(HashSpaces spaces) {
    if (spaces.write().clockTime() == writeTime) {
      return;
    }
    writeTime = spaces.write().clockTime();
    Map<NodeAddress, Boolean> now = new HashMap<>();
    for (Node node : spaces.write().nodes()) {
      now.put(node.address(), node.active());
      Boolean before = nodes.get(node.address());
      if (before == null) {
        history.add(
            node.active() ? Weight.GOOD : Weight.BAD,
            node.address() + (node.active() ? " is attached" : " is named as fault"));
      } else if (before != node.active()) {
        history.add(
            node.active() ? Weight.GOOD : Weight.BAD,
            node.address() + (node.active() ? " is active again" : " is marked fault"));
      }
    }
    nodes.keySet().stream()
        .filter(address -> !now.containsKey(address))
        .sorted()
        .forEach(address -> history.add(Weight.PLAIN, address + " is detached"));
    nodes.clear();
    nodes.putAll(now);
  }

  private void lookAtRebalance(RebalanceDirector director) {
    if (director.phase() == phase) {
      return;
    }
    phase = director.phase();
    switch (phase) {
      case IDLE -> ended(director.outcome());
      case PUBLISHING -> history.add(Weight.PLAIN, "a rebalance begins");
      case HELD -> history.add(Weight.PLAIN, "the rebalance waits");
      case COPYING -> history.add(Weight.PLAIN, "the rebalance copies records");
      case DELETING -> history.add(Weight.PLAIN, "the rebalance removes what has moved away");
      case RETRYING -> history.add(Weight.BAD, "the rebalance broke off and is tried again");
    }
  }

  private void ended(RebalanceOutcome outcome) {
    switch (outcome) {
      case NONE -> {}
      case FINISHED -> history.add(Weight.GOOD, "the rebalance is finished");
      case ABANDONED -> history.add(Weight.BAD, "the rebalance is given up");
      case CANCELLED ->
          history.add(Weight.GOOD, "the rebalance is cancelled, and all is as before");
    }
  }
}
