package io.kumo.manager.control;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.Direction;
import io.kumo.manager.membership.ClockWatch;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of membership that an operator orders, or an automatic rebalance in their place: nothing
 * is made known yet when these return. Confined to the manager's loop.
 */
public final class ClusterOrders {
  private static final Logger log = LoggerFactory.getLogger(ClusterOrders.class);

  private final MemberTable table;
  private final NodeWatch watch;
  private final ClockWatch clocks;
  private final ColdStart cold;
  private final ColdStartControl coldStart;
  private final Direction direction;
  private final DirectionControl directing;
  private final FaultMarker faults;
  private final RebalanceControl rebalance;

  ClusterOrders(
      MemberTable table,
      NodeWatch watch,
      ClockWatch clocks,
      ColdStart cold,
      ColdStartControl coldStart,
      Direction direction,
      DirectionControl directing,
      FaultMarker faults,
      RebalanceControl rebalance) {
    this.table = table;
    this.watch = watch;
    this.clocks = clocks;
    this.cold = cold;
    this.coldStart = coldStart;
    this.direction = direction;
    this.directing = directing;
    this.faults = faults;
    this.rebalance = rebalance;
  }

  /** Makes the newcomers that may take part active; whether there were any. */
  public boolean attach() {
    List<NodeAddress> newcomers = table.newcomers();
    List<NodeAddress> waiting =
        newcomers.stream().filter(server -> !table.mayReturn(newcomers).contains(server)).toList();
    if (!waiting.isEmpty()) {
      log.warn(
          LogId.ONLY_COPY_AWAY,
          "{} cannot be attached yet: others of {} may have newer records, and return together",
          waiting,
          table.absentOwners());
    }
    return attach(newcomers);
  }

  /**
   * Those of the servers that may take part: their clocks are right, and they vote as others do.
   */
  public List<NodeAddress> eligible(Collection<NodeAddress> servers) {
    return table.mayReturn(
        servers.stream().filter(server -> !clocks.isSkewed(server) && mayVote(server)).toList());
  }

  /** Makes those of the newcomers active that may take part; whether there were any. */
  public boolean attach(Collection<NodeAddress> newcomers) {
    cold.end();
    direction.acknowledge();
    List<NodeAddress> eligible = eligible(newcomers);
    if (losesEverything(eligible)) {
      return false;
    }
    boolean missedWrites = table.absentOwners().stream().anyMatch(eligible::contains);
    boolean changed = !eligible.isEmpty() && table.attach(eligible);
    if (changed) {
      if (missedWrites && table.spaces().read().nodes().stream().filter(Node::active).count() > 1) {
        // It is not copied to like others that were away: it has some records that nobody else has.
        rebalance.repair();
      }
      faults.logChange();
      eligible.forEach(server -> log.info("new server: {}", server));
    }
    return changed;
  }

  private boolean mayVote(NodeAddress server) {
    return table.readsLayout(server) && direction.votes().mayAttach(server, table.info(server));
  }

  /**
   * The newcomers that cannot be taken into this cluster: it decides by votes and they do not, or
   * it places keys as they could not.
   */
  public List<NodeAddress> strangers() {
    return table.newcomers().stream().filter(server -> !mayVote(server)).toList();
  }

  /** Without one of the servers that hold records, the cluster would go on with nothing. */
  private boolean losesEverything(Collection<NodeAddress> servers) {
    HashSpace read = table.spaces().read();
    boolean loses =
        table.isAllFault() && servers.stream().noneMatch(server -> read.find(server).isPresent());
    if (loses) {
      log.warn(
          LogId.NO_OWNER_THERE,
          "no server that holds records is there: waiting for one of {}",
          read.nodes());
    }
    return loses;
  }

  /** Takes the fault nodes out of the write hash space; whether there were any. */
  public boolean detach() {
    if (table.spaces().write().isEmpty()) {
      log.warn("no server is left that is not fault: none is detached");
      return false;
    }
    boolean changed = table.detach();
    if (changed) {
      faults.logChange();
    }
    return changed;
  }

  /** Stops waiting for servers that have not shown what they know. */
  public void force() {
    watch.insist();
    directing.judgeSilent();
    coldStart.force();
    List<NodeAddress> absent =
        table.absentOwners().stream().filter(owner -> !table.isLive(owner)).toList();
    if (!absent.isEmpty()) {
      log.warn("told not to wait for {}: what only they have is given up", absent);
      table.giveUp(absent);
    }
  }

  /**
   * Takes over the state that a manager had.
   *
   * @param anew make it the newest, whatever is known here
   * @return whether it is what is installed here now
   */
  public boolean load(HashSpaces state, Map<NodeAddress, ServerInfo> infos, boolean anew) {
    boolean older =
        ClockTime.isNewer(table.spaces().write().clockTime(), state.write().clockTime());
    if (older && !anew) {
      return false;
    }
    if (older) {
      table.impose(state, infos);
    } else {
      table.adopt(state, infos);
    }
    log.warn("told what the cluster is: {}", table.spaces().write());
    cold.end();
    faults.mark();
    directing.review();
    return true;
  }
}
