package io.kumo.manager.admin;

import io.kumo.core.protocol.admin.Members;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.control.Membership;
import io.kumo.manager.membership.MemberTable;
import io.kumo.manager.membership.ServerInfo;
import io.kumo.manager.rebalance.PhaseProgress;
import io.kumo.manager.rebalance.RebalanceControl;
import io.kumo.manager.rebalance.RebalanceDirector;
import io.kumo.manager.rebalance.RebalanceOutcome;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.manager.view.ClusterState;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a manager tells kumoctl of the servers and of the rebalance; changes nothing. */
final class ClusterReport {
  private final MemberTable table;
  private final Membership membership;
  private final RebalanceControl rebalance;
  private final ClusterState state;

  ClusterReport(ManagerContext context) {
    this.table = context.table();
    this.membership = context.membership();
    this.rebalance = context.rebalance();
    this.state = context.state();
  }

  /** Of all servers that are there or that the write hash space names. */
  Members members() {
    SortedMap<NodeAddress, ServerInfo> live = table.live();
    SortedSet<NodeAddress> known = new TreeSet<>(live.keySet());
    state.spaces().write().nodes().forEach(node -> known.add(node.address()));
    return new Members(known.stream().map(server -> member(server, live.get(server))).toList());
  }

  private Members.Member member(NodeAddress server, @Nullable ServerInfo live) {
    return new Members.Member(
        server,
        state.spaces().write().find(server).isPresent(),
        state.spaces().write().isActive(server),
        live != null,
        membership.clocks().isSkewed(server),
        live == null ? 0 : live.incarnation(),
        table.info(server).zone());
  }

  RebalanceState rebalance() {
    RebalanceDirector director = rebalance.director();
    return new RebalanceState(
        phase(director.phase()),
        outcome(director.outcome()),
        director.replaceTime(),
        director.isFull(),
        statistics(director.progress()),
        director.waitingFor().stream().toList(),
        statistics(director.copied()));
  }

  private static MoveStatistics statistics(PhaseProgress p) {
    return new MoveStatistics(p.scanned(), p.total(), p.moved(), p.bytes());
  }

  private static int phase(RebalancePhase phase) {
    return switch (phase) {
      case IDLE, RETRYING -> RebalanceState.IDLE;
      case PUBLISHING, HELD, COPYING -> RebalanceState.COPYING;
      case DELETING -> RebalanceState.DELETING;
    };
  }

  private static int outcome(RebalanceOutcome outcome) {
    return switch (outcome) {
      case NONE -> RebalanceState.NONE;
      case FINISHED -> RebalanceState.FINISHED;
      case ABANDONED -> RebalanceState.ABANDONED;
      case CANCELLED -> RebalanceState.CANCELLED;
    };
  }
}
