package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.election.Standing;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a cold start, when enough is known of the cluster. Confined to the manager's loop. */
final class ColdStartControl {
  private static final Logger log = LoggerFactory.getLogger(ColdStartControl.class);

  private final ColdStart cold;
  private final MemberTable table;
  private final PartnerSync partner;
  private final DirectionControl direction;
  private final FaultMarker faults;
  private final RebalanceControl rebalance;
  private final TimeSource time;
  private final Standing votes;

  ColdStartControl(
      ColdStart cold,
      MemberTable table,
      PartnerSync partner,
      DirectionControl direction,
      FaultMarker faults,
      RebalanceControl rebalance,
      TimeSource time,
      Standing votes) {
    this.cold = cold;
    this.table = table;
    this.partner = partner;
    this.direction = direction;
    this.faults = faults;
    this.rebalance = rebalance;
    this.time = time;
    this.votes = votes;
  }

  /** Installs what the servers have shown, as soon as that is all there is. */
  void review() {
    if (votes.objection() != null || votes.isOn()) {
      return;
    }
    if (!partner.directs() || !cold.isComplete(time.nanoTime())) {
      return;
    }
    log.info("the servers know the cluster: {}", cold.newest().write());
    installShown();
    ColdStart.Crashes crashes = cold.crashes();
    switch (crashes) {
      case NONE -> {}
      case SOME -> {
        log.warn("{} did not stop cleanly, and may lack what others have", cold.crashed());
        table.markFault(cold.crashed());
        faults.logChange();
      }
      case ALL -> table.renewVersion();
    }
    direction.review();
    if (crashes == ColdStart.Crashes.ALL) {
      log.warn("no server stopped cleanly: a full replace will make replicas equal");
      rebalance.repair();
    }
  }

  /** Installs what has been shown so far, whatever that is. */
  void force() {
    if (cold.isOver()) {
      return;
    }
    List<NodeAddress> unheard = cold.awaited();
    if (!unheard.isEmpty()) {
      log.warn("told not to wait for {}: what only they know is given up", unheard);
    }
    installShown();
    direction.review();
  }

  private void installShown() {
    table.adopt(cold.newest(), cold.infos());
    table.acceptProcesses();
    cold.end();
  }
}
