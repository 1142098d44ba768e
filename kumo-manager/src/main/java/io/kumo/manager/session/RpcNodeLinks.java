package io.kumo.manager.session;

import io.kumo.core.clock.ClockQuestion;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.manager.membership.ClockWatch;
import io.kumo.manager.membership.NodeLinks;
import io.kumo.manager.membership.NodeWatch;
import java.util.function.LongSupplier;

/** Sends keepalives, and tells those who watch of the answers. Confined to the manager's loop. */
public final class RpcNodeLinks implements NodeLinks {
  private final NodeSessions sessions;
  private final NodeWatch watch;
  private final ClockWatch clocks;
  private final LongSupplier keepaliveNs;

  /**
   * @param keepaliveNs how long an answer may take
   */
  public RpcNodeLinks(
      NodeSessions sessions, NodeWatch watch, ClockWatch clocks, LongSupplier keepaliveNs) {
    this.sessions = sessions;
    this.watch = watch;
    this.clocks = clocks;
    this.keepaliveNs = keepaliveNs;
  }

  @Override
  public void keepAlive(NodeAddress node) {
    Peer peer = sessions.peer(node);
    ClockQuestion question = new ClockQuestion(sessions.endpoint().transport().time());
    peer.call(
        sessions.keepAlive(peer),
        keepaliveNs.getAsLong(),
        ReplyHandlers.of(
            result -> {
              watch.heard(node);
              compareClocks(node, question, KeepAlive.readResult(result));
            },
            (code, detail) -> {}));
  }

  private void compareClocks(NodeAddress node, ClockQuestion question, long unixMs) {
    if (unixMs != KeepAlive.NO_TIME) {
      question.aheadMs(unixMs).ifPresent(aheadMs -> clocks.measured(node, aheadMs));
    }
  }

  @Override
  public boolean isDead(NodeAddress node) {
    return sessions.isDead(node);
  }

  @Override
  public void drop(NodeAddress node, String reason) {
    sessions.peer(node).drop(reason);
  }
}
