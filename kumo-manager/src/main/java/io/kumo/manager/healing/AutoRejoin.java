package io.kumo.manager.healing;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.control.ClusterOrders;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerTroubles;
import io.kumo.manager.rebalance.RebalanceControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes servers in again that are known, marked fault, and back: as an operator's attach does, but
 * by themselves, and none that the cluster does not know. Where there are no votes nobody rejoins:
 * there a cluster goes the way of kumofs 0.4.13.
 *
 * <p>Confined to the manager's loop.
 */
public final class AutoRejoin {
  private static final Logger log = LoggerFactory.getLogger(AutoRejoin.class);

  private final MemberTable table;
  private final Direction direction;
  private final ServerTroubles troubles;
  private final ClusterOrders orders;
  private final RebalanceControl rebalance;
  private final TimeSource time;
  private long restartedNs;
  private final RejoinWait wait;
  private final Set<NodeAddress> told = new HashSet<>();
  private long rejoins;

  /**
   * @param restartedNs how long one waits that was started anew; negative for nobody ever
   */
  public AutoRejoin(
      MemberTable table,
      Direction direction,
      ServerTroubles troubles,
      ClusterOrders orders,
      RebalanceControl rebalance,
      TimeSource time,
      long restartedNs) {
    this.table = table;
    this.direction = direction;
    this.troubles = troubles;
    this.orders = orders;
    this.rebalance = rebalance;
    this.time = time;
    this.restartedNs = restartedNs;
    this.wait = new RejoinWait(restartedNs);
  }

  /** To be called several times a second. */
  public void tick() {
    if (restartedNs < 0 || !direction.votes().isOn()) {
      return;
    }
    List<NodeAddress> due = due();
    if (due.isEmpty() || !direction.mayDecide()) {
      return;
    }
    List<NodeAddress> eligible = orders.eligible(due);
    if (!eligible.isEmpty() && orders.attach(eligible)) {
      log.warn("{} rejoin by themselves", eligible);
      eligible.forEach(server -> wait.rejoined(server, time.nanoTime()));
      rejoins += eligible.size();
      rebalance.start(false);
    }
  }

  private List<NodeAddress> due() {
    wait.retain(table.spaces().write().nodes().stream().map(Node::address).toList());
    List<NodeAddress> known =
        table.spaces().write().nodes().stream()
            .filter(node -> !node.active())
            .map(Node::address)
            .toList();
    told.retainAll(known);
    List<NodeAddress> due = new ArrayList<>();
    for (NodeAddress server : known) {
      boolean out = !troubles.of(server).isEmpty() || table.orders().isSuspended(server);
      if (!table.isLive(server) || out) {
        wait.away(server, time.nanoTime());
        told.remove(server);
      } else if (isDue(server)) {
        due.add(server);
      }
    }
    return due;
  }

  private boolean isDue(NodeAddress server) {
    boolean restarted = table.hasRestarted(server);
    boolean due = wait.isDue(server, restarted, time.nanoTime());
    if (!due && told.add(server)) {
      log.warn(
          LogId.REJOINS_LATER,
          "{} is back and rejoins in {} s at most; attach does it at once",
          server,
          Duration.ofNanos(Math.max(restartedNs, RejoinWait.LONGEST_PAUSE_NS)).toSeconds());
    }
    return due;
  }

  /** How long one waits that was started anew; negative for nobody ever. */
  public long restartedNs() {
    return restartedNs;
  }

  public void setRestartedNs(long ns) {
    restartedNs = ns;
    wait.setRestartedNs(ns);
  }

  /** Servers that are back and wait for their time. */
  public long waiting() {
    return wait.waiting();
  }

  /** Servers that have rejoined by themselves, as far as this manager directed. */
  public long rejoins() {
    return rejoins;
  }
}
