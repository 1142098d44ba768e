package io.kumo.manager.metrics;

import io.kumo.core.metrics.Measurement;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.election.PartnerState;
import io.kumo.manager.healing.AutoRejoin;
import io.kumo.manager.healing.SickServers;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.rebalance.RebalancePhase;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntSupplier;

/**
 * The measurements of one manager: taken on its loop by {@link #look}, read by any thread, a moment
 * old.
 */
@SuppressWarnings("EnumOrdinal") // an index that never leaves the process
public final class ManagerMetrics {
  private final ManagerContext manager;
  private final NodeWatch watch;
  private final AutoRejoin rejoin;
  private final SickServers sick;
  private final IntSupplier gateways;
  private final AtomicLongArray values = new AtomicLongArray(ManagerMetric.values().length);

  /**
   * @param gateways how many there are; called on the loop
   */
  public ManagerMetrics(
      ManagerContext manager,
      NodeWatch watch,
      AutoRejoin rejoin,
      SickServers sick,
      IntSupplier gateways) {
    this.manager = manager;
    this.watch = watch;
    this.rejoin = rejoin;
    this.sick = sick;
    this.gateways = gateways;
  }

  /** Takes all of them anew; on the loop of the manager. */
  public void look() {
    for (ManagerMetric metric : ManagerMetric.values()) {
      values.setOpaque(metric.ordinal(), now(metric));
    }
  }

  private long now(ManagerMetric metric) {
    HashSpaces spaces = manager.table().spaces();
    List<Node> attached = spaces.write().nodes();
    return switch (metric) {
      case ATTACHED_SERVERS -> attached.size();
      case ACTIVE_SERVERS -> attached.stream().filter(Node::active).count();
      case FAULT_SERVERS -> attached.stream().filter(node -> !node.active()).count();
      case CONNECTED_SERVERS -> manager.table().live().size();
      case NEW_SERVERS -> manager.table().newcomers().size();
      case REJOIN_WAITING_SERVERS -> rejoin.waiting();
      case SICK_SERVERS -> sick.sick();
      case REJOINS -> rejoin.rejoins();
      case ABSENT_OWNERS -> manager.table().absentOwners().size();
      case WRITE_CLOCK_TIME -> spaces.write().clockTime();
      case READ_CLOCK_TIME -> spaces.read().clockTime();
      case DIRECTING -> number(manager.membership().direction().mayDecide());
      case DOUBTING -> number(watch.isDoubting());
      case RETIRED -> number(manager.partner().isRetired());
      case PARTNER_CONNECTED -> number(manager.partner().inTouch());
      case PARTNER_SYNCED -> number(manager.partner().state() == PartnerState.SYNCED);
      case GATEWAYS -> gateways.getAsInt();
      case REBALANCE_PHASE -> number(manager.rebalance().director().phase());
      case REBALANCE_WAITING_SERVERS -> manager.rebalance().director().waitingFor().size();
      case REBALANCE_PAUSED -> number(manager.table().orders().rebalancePaused());
      case SUSPENDED_SERVERS -> manager.table().orders().suspended().size();
    };
  }

  private static long number(boolean yes) {
    return yes ? 1 : 0;
  }

  private static long number(RebalancePhase phase) {
    return switch (phase) {
      case IDLE -> 0;
      case PUBLISHING -> 1;
      case HELD -> 2;
      case COPYING -> 3;
      case DELETING -> 4;
      case RETRYING -> 5;
    };
  }

  /** Of one metric. */
  public long get(ManagerMetric metric) {
    return values.getOpaque(metric.ordinal());
  }

  /** All of them. */
  public List<Measurement> measurements() {
    return Arrays.stream(ManagerMetric.values())
        .map(metric -> new Measurement(metric.metricName(), false, metric.help(), get(metric)))
        .toList();
  }
}
