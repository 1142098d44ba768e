package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.Direction;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.ClockWatch;
import io.kumo.manager.membership.FailureDetector;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.HealthBook;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeLinks;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.ServerTroubles;
import io.kumo.manager.rebalance.RebalanceControl;

/**
 * Turns what happens to servers and the partner, and what operators order, into hash spaces. The
 * decisions are those of {@code membership} and {@code election}; the parts here carry them out in
 * their order. Confined to the manager's loop.
 */
public final class Membership {
  private final Direction direction;
  private final DirectionControl directing;
  private final ClockWatch clocks;
  private final ServerEvents servers;
  private final PartnerEvents partnerEvents;
  private final ClusterOrders orders;
  private final HeartbeatMonitor heartbeats;
  private final ServerTroubles troubles = new ServerTroubles();
  private final HealthBook health;

  /**
   * @param partner in the state of a process that has just started
   */
  public Membership(
      MemberTable table,
      PartnerSync partner,
      FailureDetector detector,
      NodeWatch watch,
      ClockWatch clocks,
      NodeLinks links,
      HashSpaceBroadcast broadcast,
      RebalanceControl rebalance,
      TimeSource time,
      Standing votes) {
    this.clocks = clocks;
    health = new HealthBook(detector.intervalNs(), time.nanoTime());
    ColdStart cold = new ColdStart(time.nanoTime(), table.rules());
    direction = new Direction(partner, cold, watch, table, votes);
    watch.trustVotes(votes::isOn);
    RestartWatch restarts =
        new RestartWatch(table, rebalance, time, () -> 2 * detector.patienceNs());
    FaultMarker faults = new FaultMarker(table, watch, direction, broadcast, rebalance, restarts);
    directing = new DirectionControl(direction, watch, faults, broadcast, rebalance, restarts);
    ColdStartControl coldStart =
        new ColdStartControl(cold, table, partner, directing, faults, rebalance, time, votes);
    servers =
        new ServerEvents(
            table, watch, clocks, cold, coldStart, directing, restarts, troubles, health, time,
            votes);
    partnerEvents =
        new PartnerEvents(
            partner, table, watch, cold, coldStart, directing, broadcast, rebalance, time);
    orders =
        new ClusterOrders(
            table, watch, clocks, cold, coldStart, direction, directing, faults, rebalance);
    heartbeats =
        new HeartbeatMonitor(
            detector, watch, table, partner, coldStart, directing, servers, links, time);
  }

  /** Acts on a change of who directs, if there is one. */
  void reviewDirection() {
    directing.review();
  }

  /** Whether this manager directs. */
  public Direction direction() {
    return direction;
  }

  public ClockWatch clocks() {
    return clocks;
  }

  /** What keeps servers from taking part, as they say. */
  public ServerTroubles troubles() {
    return troubles;
  }

  /** What servers have said of what keeps them from serving. */
  public HealthBook health() {
    return health;
  }

  public ServerEvents servers() {
    return servers;
  }

  public PartnerEvents partner() {
    return partnerEvents;
  }

  public ClusterOrders orders() {
    return orders;
  }

  public HeartbeatMonitor heartbeats() {
    return heartbeats;
  }
}
