package io.kumo.manager.control;

import io.kumo.core.protocol.extended.GetMoveStatistics;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.manager.rebalance.PhaseProgress;
import io.kumo.manager.rebalance.RebalanceRequests;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.ReplyHandlers;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks servers by calls. Confined to the manager's loop. */
public final class RpcRebalanceRequests implements RebalanceRequests {
  private static final long START_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long ASK_TIMEOUT_NS = Duration.ofSeconds(5).toNanos();

  private final NodeSessions sessions;

  public RpcRebalanceRequests(NodeSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void startCopy(NodeAddress server, HashSpace write, boolean full, Runnable failed) {
    Peer peer = sessions.peer(server);
    peer.call(
        new ReplaceCopyStart(write, sessions.clockFor(peer), full),
        START_TIMEOUT_NS,
        ReplyHandlers.of(result -> {}, (code, detail) -> failed.run()));
  }

  @Override
  public void startDelete(NodeAddress server, HashSpace write, Runnable failed) {
    Peer peer = sessions.peer(server);
    peer.call(
        new ReplaceDeleteStart(write, sessions.clockFor(peer)),
        START_TIMEOUT_NS,
        ReplyHandlers.of(result -> {}, (code, detail) -> failed.run()));
  }

  @Override
  public void askProgress(NodeAddress server, Consumer<PhaseProgress> answered) {
    sessions
        .peer(server)
        .call(
            new GetMoveStatistics(),
            ASK_TIMEOUT_NS,
            ReplyHandlers.of(
                result -> answered.accept(progress(MoveStatistics.read(result))),
                (code, detail) -> {}));
  }

  public static PhaseProgress progress(MoveStatistics f) {
    return new PhaseProgress(f.scanned(), f.total(), f.moved(), f.bytes());
  }
}
