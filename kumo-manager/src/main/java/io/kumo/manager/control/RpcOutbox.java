package io.kumo.manager.control;

import io.kumo.core.clock.ClockQuestion;
import io.kumo.core.protocol.extended.GetMoveFigures;
import io.kumo.core.protocol.extended.MoveFigures;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.manager.membership.ManagerOutbox;
import io.kumo.manager.rebalance.PhaseProgress;
import io.kumo.manager.rebalance.RebalanceControl;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries the decisions of a manager out by calls. Confined to the manager's loop. */
public final class RpcOutbox implements ManagerOutbox {
  private static final long START_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long ASK_TIMEOUT_NS = Duration.ofSeconds(5).toNanos();

  private final NodeSessions sessions;
  private final long keepaliveNs;
  private @Nullable HashSpacePublisher publisher;
  private @Nullable RebalanceControl rebalance;
  private Consumer<NodeAddress> heard = node -> {};
  private @Nullable ClockWatch clocks;

  public RpcOutbox(NodeSessions sessions, long keepaliveNs) {
    this.sessions = sessions;
    this.keepaliveNs = keepaliveNs;
  }

  /** Closes the circle: answers are events for those who decide. */
  public void bind(
      HashSpacePublisher madePublisher,
      RebalanceControl control,
      Consumer<NodeAddress> heartbeats,
      ClockWatch clockWatch) {
    publisher = madePublisher;
    rebalance = control;
    heard = heartbeats;
    clocks = clockWatch;
  }

  private HashSpacePublisher publisher() {
    if (publisher == null) {
      throw new IllegalStateException("used before it was bound");
    }
    return publisher;
  }

  private RebalanceControl rebalance() {
    if (rebalance == null) {
      throw new IllegalStateException("used before it was bound");
    }
    return rebalance;
  }

  @Override
  public void keepAlive(NodeAddress node) {
    Peer peer = sessions.peer(node);
    ClockQuestion question = new ClockQuestion(sessions.endpoint().transport().time());
    peer.call(
        sessions.keepAlive(peer),
        keepaliveNs,
        ReplyHandlers.of(
            result -> {
              heard.accept(node);
              compareClocks(node, question, KeepAlive.readResult(result));
            },
            (code, detail) -> {}));
  }

  private void compareClocks(NodeAddress node, ClockQuestion question, long unixMs) {
    ClockWatch watch = clocks;
    if (watch != null && unixMs != KeepAlive.NO_TIME) {
      question.aheadMs(unixMs).ifPresent(aheadMs -> watch.measured(node, aheadMs));
    }
  }

  @Override
  public boolean isDead(NodeAddress node) {
    return sessions.peer(node).isDead();
  }

  @Override
  public void drop(NodeAddress node, String reason) {
    sessions.peer(node).drop(reason);
  }

  @Override
  public void publish(Runnable toldServers) {
    publisher().publish(toldServers);
  }

  @Override
  public void syncPartner() {
    publisher().syncPartner();
  }

  @Override
  public void startCopy(NodeAddress server, HashSpace write, boolean full) {
    Peer peer = sessions.peer(server);
    peer.call(
        new ReplaceCopyStart(write, sessions.clockFor(peer), full),
        START_TIMEOUT_NS,
        ReplyHandlers.of(result -> {}, (code, detail) -> rebalance().sendFailed(server)));
  }

  @Override
  public void startDelete(NodeAddress server, HashSpace write) {
    Peer peer = sessions.peer(server);
    peer.call(
        new ReplaceDeleteStart(write, sessions.clockFor(peer)),
        START_TIMEOUT_NS,
        ReplyHandlers.of(result -> {}, (code, detail) -> rebalance().sendFailed(server)));
  }

  @Override
  public void askProgress(NodeAddress server) {
    sessions
        .peer(server)
        .call(
            new GetMoveFigures(),
            ASK_TIMEOUT_NS,
            ReplyHandlers.of(
                result -> rebalance().progressed(server, progress(MoveFigures.read(result))),
                (code, detail) -> {}));
  }

  public static PhaseProgress progress(MoveFigures f) {
    return new PhaseProgress(f.scanned(), f.total(), f.moved(), f.bytes());
  }
}
