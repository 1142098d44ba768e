package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.ColdStart;
import io.kumo.manager.election.PartnerState;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.HashSpaceBroadcast;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeWatch;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.rebalance.RebalanceControl;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens with the partner. Confined to the manager's loop. */
public final class PartnerEvents {
  private static final Logger log = LoggerFactory.getLogger(PartnerEvents.class);

  private final PartnerSync partner;
  private final MemberTable table;
  private final NodeWatch watch;
  private final ColdStart cold;
  private final ColdStartControl coldStart;
  private final DirectionControl direction;
  private final HashSpaceBroadcast broadcast;
  private final RebalanceControl rebalance;
  private final TimeSource time;

  PartnerEvents(
      PartnerSync partner,
      MemberTable table,
      NodeWatch watch,
      ColdStart cold,
      ColdStartControl coldStart,
      DirectionControl direction,
      HashSpaceBroadcast broadcast,
      RebalanceControl rebalance,
      TimeSource time) {
    this.partner = partner;
    this.table = table;
    this.watch = watch;
    this.cold = cold;
    this.coldStart = coldStart;
    this.direction = direction;
    this.broadcast = broadcast;
    this.rebalance = rebalance;
    this.time = time;
  }

  /** It has connected and introduced itself. */
  public void appeared(boolean extended) {
    log.info("partner connected {}", partner.partner());
    partner.connected(extended, time.nanoTime());
    NodeAddress address = partner.partner();
    if (address != null) {
      watch.appeared(address);
    }
    broadcast.syncPartner();
    direction.review();
  }

  /** The session with it has ended. */
  public void lost() {
    if (partner.inTouch()) {
      log.warn("partner lost {}", partner.partner());
    }
    NodeAddress address = partner.partner();
    partner.disconnected(time.nanoTime());
    if (address != null) {
      watch.lost(address);
    }
    coldStart.review();
    direction.judgeSilent();
  }

  /**
   * It has sent its hash spaces.
   *
   * @param infos null from a kumofs 0.4.13 partner
   */
  public void synced(HashSpaces received, @Nullable Map<NodeAddress, ServerInfo> infos) {
    boolean parted = partner.hasParted(table.spaces().write(), received.write());
    if (partner.state() == PartnerState.CONNECTED) {
      watch.partnerMet();
    }
    boolean changed = table.adopt(received, infos);
    partner.agreed(table.spaces().write().clockTime());
    if (!table.spaces().write().nodes().isEmpty()) {
      cold.end();
    }
    partner.received(time.nanoTime());
    coldStart.review();
    direction.markFaults();
    direction.review();
    if (changed) {
      takenOver();
    }
    if (parted) {
      log.warn(
          LogId.REPLICAS_MAY_DIFFER,
          "both managers acted while apart: a full replace will make replicas equal");
      rebalance.repair();
    }
  }

  private void takenOver() {
    if (partner.partnerExtended() && direction.mayDecide()) {
      direction.takenOver();
    } else {
      direction.superseded();
    }
  }
}
