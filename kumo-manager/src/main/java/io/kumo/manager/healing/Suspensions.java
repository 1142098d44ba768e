package io.kumo.manager.healing;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.Suspension;
import io.kumo.manager.control.ClusterOrders;
import io.kumo.manager.control.ServerEvents;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.RebalanceControl;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers that an operator has taken out for maintenance. They are fault meanwhile, so others
 * coordinate their keys, and nothing is moved; when their time is over they are taken in again, and
 * given the writes that they have missed. The view carries who is suspended until when, so whoever
 * directs then sees to it. Confined to the manager's loop.
 */
public final class Suspensions {
  private static final Logger log = LoggerFactory.getLogger(Suspensions.class);

  private final MemberTable table;
  private final Direction direction;
  private final ServerEvents servers;
  private final ClusterOrders orders;
  private final RebalanceControl rebalance;
  private final HashSpaceBroadcast broadcast;
  private final TimeSource time;

  public Suspensions(
      MemberTable table,
      Direction direction,
      ServerEvents servers,
      ClusterOrders orders,
      RebalanceControl rebalance,
      HashSpaceBroadcast broadcast,
      TimeSource time) {
    this.table = table;
    this.direction = direction;
    this.servers = servers;
    this.orders = orders;
    this.rebalance = rebalance;
    this.broadcast = broadcast;
    this.time = time;
  }

  /** Why no records may be moved by an order now; null when they may. */
  public @Nullable String objection() {
    List<Suspension> suspended = table.orders().suspended();
    return suspended.isEmpty()
        ? null
        : suspended.stream().map(Suspensions::text).collect(Collectors.joining(", "))
            + ": resume first";
  }

  private static String text(Suspension suspension) {
    Instant until = Instant.ofEpochSecond(suspension.untilSeconds());
    return suspension.server() + " is suspended until " + until.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Takes a server out, or sets another time; why not, when it cannot be. */
  public @Nullable String suspend(NodeAddress server, long forSeconds) {
    boolean again = table.orders().isSuspended(server);
    String objection = again ? null : suspendObjection(server);
    if (objection == null) {
      long untilSeconds = Math.floorDiv(time.unixMillis(), 1000) + forSeconds;
      log.warn("told to suspend {} for {} s", server, forSeconds);
      table.setOrders(table.orders().suspend(new Suspension(server, untilSeconds)));
      servers.takenOut(server);
    }
    return objection;
  }

  private @Nullable String suspendObjection(NodeAddress server) {
    if (!direction.votes().isOn()) {
      return "nodes of kumofs 0.4.13 are among these, which know no such order";
    } else if (table.spaces().write().find(server).isEmpty()) {
      return server + " is not attached";
    } else if (!table.spaces().write().isActive(server)) {
      return server + " is fault: it serves nothing";
    } else if (table.spaces().rebalancing() || rebalance.director().phase().isRunning()) {
      return "records are being moved: wait until the rebalance has ended";
    }
    return table.canSpare(server) ? null : "without " + server + " some records could not be had";
  }

  /** Takes a server in again; why not, when it cannot be. */
  public @Nullable String resume(NodeAddress server) {
    if (!table.orders().isSuspended(server)) {
      return server + " is not suspended";
    }
    takeIn(server);
    return null;
  }

  private void takeIn(NodeAddress server) {
    log.warn("{} is suspended no more", server);
    table.setOrders(table.orders().resume(server));
    List<NodeAddress> back = table.isLive(server) ? orders.eligible(List.of(server)) : List.of();
    if (!back.isEmpty() && orders.attach(back)) {
      rebalance.start(false);
    }
  }

  /** To be called at least once a second. */
  public void tick() {
    if (table.orders().suspended().isEmpty() || !direction.mayDecide()) {
      return;
    }
    long nowSeconds = Math.floorDiv(time.unixMillis(), 1000);
    List<NodeAddress> over =
        table.orders().suspended().stream()
            .filter(suspension -> suspension.untilSeconds() <= nowSeconds)
            .map(Suspension::server)
            .toList();
    if (!over.isEmpty()) {
      over.forEach(this::takeIn);
      broadcast.publish();
    }
  }
}
