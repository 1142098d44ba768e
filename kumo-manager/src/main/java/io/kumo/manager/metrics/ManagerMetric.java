package io.kumo.manager.metrics;

import java.util.Locale;

/**
 * Everything that a manager measures of the cluster, in one place; the name on the outside is
 * derived. All of them go up and down.
 */
public enum ManagerMetric {
  ATTACHED_SERVERS("Servers of the write hash space."),
  ACTIVE_SERVERS("Servers of the write hash space that are active."),
  FAULT_SERVERS("Servers of the write hash space that are marked fault."),
  CONNECTED_SERVERS("Servers that are connected to this manager."),
  NEW_SERVERS("Servers that are connected and not active: an attach would take them in."),
  ABSENT_OWNERS("Servers that alone have some records, and are not there to serve them."),
  REJOIN_WAITING_SERVERS(
      "Servers that are back, marked fault, and rejoin by themselves in their time."),
  REJOINS(
      "Servers that have rejoined by themselves while this manager directed, since it started."),
  SICK_SERVERS(
      "Servers that say that their disk is full, or are kept out as others cannot be reached from them."),
  WRITE_CLOCK_TIME("ClockTime of the write hash space: Unix seconds in the upper 32 of 64 bits."),
  READ_CLOCK_TIME("ClockTime of the read hash space, the same when no records are to be moved."),
  DIRECTING("Whether this manager changes hash spaces and starts rebalances: 1 or 0."),
  DOUBTING("Whether this manager hears so little that it may be cut off: 1 or 0."),
  RETIRED("Whether the cluster follows other managers, and this one directs no more: 1 or 0."),
  PARTNER_CONNECTED("Whether the partner is connected: 1 or 0."),
  PARTNER_SYNCED("Whether the partner is connected and has said what it knows: 1 or 0."),
  GATEWAYS("Gateways that have said that they are there; further ones than 1024 are not shown."),
  REBALANCE_PHASE(
      "Of the rebalance: 0 none, 1 publishing, 2 held, 3 copying, 4 deleting, 5 to be retried."),
  REBALANCE_WAITING_SERVERS("Servers that the phase of the rebalance waits for."),
  REBALANCE_PAUSED("Whether an operator has servers move nothing for a rebalance: 1 or 0."),
  SUSPENDED_SERVERS("Servers that an operator has taken out for maintenance.");

  private final String help;

  ManagerMetric(String help) {
    this.help = help;
  }

  /** One sentence for those who watch it. */
  public String help() {
    return help;
  }

  /** As metrics systems write it, such as {@code kumo_manager_active_servers}. */
  public String metricName() {
    return "kumo_manager_" + name().toLowerCase(Locale.ROOT);
  }
}
