package io.kumo.manager.control;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.membership.FailureDetector;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.NodeLinks;
import io.kumo.manager.membership.NodeWatch;

/**
 * Moves everything that waits for a time: sends keepalives, and loses who does not answer them.
 * Confined to the manager's loop.
 */
public final class HeartbeatMonitor {
  private final FailureDetector detector;
  private final NodeWatch watch;
  private final MemberTable table;
  private final PartnerSync partner;
  private final ColdStartControl coldStart;
  private final DirectionControl direction;
  private final ServerEvents servers;
  private final NodeLinks links;
  private final TimeSource time;

  HeartbeatMonitor(
      FailureDetector detector,
      NodeWatch watch,
      MemberTable table,
      PartnerSync partner,
      ColdStartControl coldStart,
      DirectionControl direction,
      ServerEvents servers,
      NodeLinks links,
      TimeSource time) {
    this.detector = detector;
    this.watch = watch;
    this.table = table;
    this.partner = partner;
    this.coldStart = coldStart;
    this.direction = direction;
    this.servers = servers;
    this.links = links;
    this.time = time;
  }

  /** Something was heard of the node. */
  public void heard(NodeAddress node) {
    watch.heard(node);
  }

  /** Bytes of the node have come, at that time, though they may not have been looked at. */
  public void heard(NodeAddress node, long whenNs) {
    detector.heard(node, whenNs);
  }

  /** To be called {@link FailureDetector#CHECKS_PER_INTERVAL} times in a keepalive interval. */
  public void tick() {
    long nowNs = time.nanoTime();
    NodeAddress address = partner.partner();
    if (partner.tick(nowNs) && address != null && !partner.inTouch()) {
      watch.lost(address);
    }
    coldStart.review();
    direction.judgeSilent();
    check(nowNs);
    table.missing().stream()
        .filter(server -> links.isDead(server) && !watch.isGone(server))
        .forEach(servers::lost);
  }

  private void check(long nowNs) {
    FailureDetector.Verdict verdict = detector.check(nowNs);
    verdict.due().forEach(links::keepAlive);
    verdict.lost().forEach(watch::lost); // Before it is decided what the silence of one means.
    for (NodeAddress node : verdict.lost()) {
      links.drop(node, "no heartbeat");
      if (!partner.isPartner(node)) {
        servers.lost(node);
      }
    }
  }
}
