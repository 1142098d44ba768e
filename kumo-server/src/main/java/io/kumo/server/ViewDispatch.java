package io.kumo.server;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.transport.Transport;
import io.kumo.server.admin.NodeStatusHandler;
import io.kumo.server.dedup.DedupCoverage;
import io.kumo.server.rebalance.Rebalancer;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.repair.FailoverGate;
import io.kumo.server.rpc.ManagerLinks;
import io.kumo.server.view.ServerState;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.round.WriteContext;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who has to know that another view is installed, in the one order that is right. It was
 * persisted before; whoever offered it is answered afterwards. Main loop only.
 */
record ViewDispatch(
    Transport main,
    WriteContext context,
    FailoverGate gate,
    Coordinator coordinator,
    ManagerLinks managers,
    Rejoin rejoin,
    Rebalancer rebalancer,
    ServerState state,
    NodeStatusHandler status,
    @Nullable ServerVoting voting)
    implements ViewHolder.Dispatch {
  @Override
  public void installed(HashSpaces now, boolean continuous) {
    long nowNs = main.time().nanoTime();
    if (voting != null) {
      // Everybody asks it what this server may coordinate.
      tell("lease", voting.lease()::viewInstalled);
    }
    tell("dedup window", () -> windowMeets(now, continuous, nowNs));
    // The coordinator asks the gate which keys are open.
    tell("key gate", () -> gate.viewInstalled(now, continuous));
    tell("coordinator", () -> coordinator.viewInstalled(continuous));
    tell("manager links", managers::viewInstalled);
    tell("replica lifecycle", () -> rejoin.viewInstalled(now));
    // What was offered early is fetched once the old records may stay.
    tell("rebalancer", rebalancer::viewInstalled);
    tell("status", status::viewInstalled);
    tell("server state", () -> state.viewInstalled(isNamedActive()));
  }

  private void windowMeets(HashSpaces now, boolean continuous, long nowNs) {
    DedupCoverage coverage = context.books().coverage();
    boolean first = now.read().nodes().isEmpty() && context.spaces().view().extras().isPresent();
    if (first && context.store().liveCount() + context.store().tombstoneCount() == 0) {
      coverage.clusterBegins(nowNs);
    }
    coverage.viewInstalled(now, continuous, nowNs);
  }

  /** What one of them throws does not keep the others from being told. */
  private void tell(String who, Runnable what) {
    main.guard().run("installed view", who, what);
  }

  private boolean isNamedActive() {
    ViewHolder spaces = context.spaces();
    return spaces.isActive() && spaces.lifecycle().isNamed();
  }
}
