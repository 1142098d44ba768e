package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.QuietPeriod;
import io.kumo.manager.rebalance.RebalanceControl;

/**
 * Attaches, detaches and rebalances by itself some time after the last server came or went, when it
 * is switched on. The first attach of a cluster is the operator's: a manager that knows of none may
 * have been started anew, and a server with an empty disk may only be the first to be heard.
 * Confined to the manager's loop.
 */
public final class AutoRebalance {
  private final MemberTable table;
  private final Direction direction;
  private final ClusterOrders orders;
  private final CopyOrders copies;
  private final RebalanceControl rebalance;
  private final TimeSource time;
  private final long delayNs;
  private final QuietPeriod delay = new QuietPeriod();
  private boolean enabled;

  public AutoRebalance(
      MemberTable table,
      Direction direction,
      ClusterOrders orders,
      CopyOrders copies,
      RebalanceControl rebalance,
      TimeSource time,
      long delayNs,
      boolean enabled) {
    this.table = table;
    this.direction = direction;
    this.orders = orders;
    this.copies = copies;
    this.rebalance = rebalance;
    this.time = time;
    this.delayNs = delayNs;
    this.enabled = enabled;
  }

  /** Whether that changed anything. */
  public boolean setEnabled(boolean on) {
    boolean changed = on != enabled;
    enabled = on;
    if (on) {
      touched();
    } else {
      delay.cancel();
    }
    return changed;
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** A server came or went. */
  public void touched() {
    if (enabled) {
      delay.restart(time.nanoTime(), delayNs);
    }
  }

  public void tick() {
    if (!delay.isArmed() || !hasCluster() || direction.objection() != null) {
      return;
    }
    boolean suspended = !table.orders().suspended().isEmpty();
    if (suspended || !delay.elapsed(time.nanoTime())) {
      return;
    }
    boolean attached = orders.attach();
    boolean moved = copies.placeInZones();
    boolean detached = orders.detach();
    if (attached || moved || detached) {
      rebalance.start(false);
    }
  }

  /** Whether servers have ever been attached, as far as this manager knows. */
  private boolean hasCluster() {
    return !table.spaces().write().nodes().isEmpty();
  }
}
