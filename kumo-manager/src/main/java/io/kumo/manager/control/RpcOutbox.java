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
import io.kumo.manager.rebalance.Progress;
import io.kumo.manager.rebalance.ReplaceControl;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries the decisions of a manager out by calls. Confined to the manager's loop. */
public final class RpcOutbox implements ManagerOutbox {
  private static final long START_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long ASK_TIMEOUT_NS = Duration.ofSeconds(5).toNanos();

  private final Outgoing outgoing;
  private final long keepaliveNs;
  private @Nullable Publisher publisher;
  private @Nullable ReplaceControl replaces;
  private Consumer<NodeAddress> heard = node -> {};
  private @Nullable ClockWatch clocks;

  public RpcOutbox(Outgoing outgoing, long keepaliveNs) {
    this.outgoing = outgoing;
    this.keepaliveNs = keepaliveNs;
  }

  /** Closes the circle: answers are events for those who decide. */
  public void bind(
      Publisher madePublisher,
      ReplaceControl control,
      Consumer<NodeAddress> signsOfLife,
      ClockWatch clockWatch) {
    publisher = madePublisher;
    replaces = control;
    heard = signsOfLife;
    clocks = clockWatch;
  }

  private Publisher publisher() {
    if (publisher == null) {
      throw new IllegalStateException("used before it was bound");
    }
    return publisher;
  }

  private ReplaceControl replaces() {
    if (replaces == null) {
      throw new IllegalStateException("used before it was bound");
    }
    return replaces;
  }

  @Override
  public void keepAlive(NodeAddress node) {
    Peer peer = outgoing.peer(node);
    ClockQuestion question = new ClockQuestion(outgoing.endpoint().transport().time());
    peer.call(
        outgoing.keepAlive(peer),
        keepaliveNs,
        Answer.of(
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
    return outgoing.peer(node).isDead();
  }

  @Override
  public void drop(NodeAddress node, String reason) {
    outgoing.peer(node).drop(reason);
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
    Peer peer = outgoing.peer(server);
    peer.call(
        new ReplaceCopyStart(write, outgoing.clockFor(peer), full),
        START_TIMEOUT_NS,
        Answer.of(result -> {}, (code, detail) -> replaces().sendFailed(server)));
  }

  @Override
  public void startDelete(NodeAddress server, HashSpace write) {
    Peer peer = outgoing.peer(server);
    peer.call(
        new ReplaceDeleteStart(write, outgoing.clockFor(peer)),
        START_TIMEOUT_NS,
        Answer.of(result -> {}, (code, detail) -> replaces().sendFailed(server)));
  }

  @Override
  public void askProgress(NodeAddress server) {
    outgoing
        .peer(server)
        .call(
            new GetMoveFigures(),
            ASK_TIMEOUT_NS,
            Answer.of(
                result -> replaces().progressed(server, progress(MoveFigures.read(result))),
                (code, detail) -> {}));
  }

  public static Progress progress(MoveFigures f) {
    return new Progress(f.scanned(), f.total(), f.moved(), f.bytes());
  }
}
