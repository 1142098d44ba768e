package io.kumo.server.repair;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.extended.AgreeTombstoneGc;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.lifecycle.TombstoneGc;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whether tombstones may go: every server of the view says of the keys that it coordinates that all
 * their replicas have what was written until then. A write that a coordinator could not end may
 * have left a tombstone at some replicas and the record at others, for as long as it is cut off or
 * recovers, however old the tombstone is by then.
 *
 * <p>Servers of kumofs 0.4.13 are not asked: with them replicas only converge. Main loop only.
 */
public final class TombstoneAgreement implements TombstoneGc.Agreement {
  private static final long TIMEOUT_NS = Duration.ofSeconds(3).toNanos();

  private final RpcEndpoint endpoint;
  private final ViewHolder spaces;
  private final LifecycleRules rules;
  private final BooleanSupplier verified;
  private final long youngestSeconds;

  /**
   * @param verified whether every replica of each key that this server coordinates has all that was
   *     written to it, but for writes under way
   * @param youngestSeconds writes that are so old have ended
   */
  public TombstoneAgreement(
      RpcEndpoint endpoint,
      ViewHolder spaces,
      LifecycleRules rules,
      BooleanSupplier verified,
      long youngestSeconds) {
    this.endpoint = endpoint;
    this.spaces = spaces;
    this.rules = rules;
    this.verified = verified;
    this.youngestSeconds = youngestSeconds;
  }

  /** Before the endpoint listens. */
  public void register() {
    endpoint.handle(
        Method.AGREE_TOMBSTONE_GC,
        AgreeTombstoneGc.class,
        (message, caller, reply) -> reply.bool(agrees(message)));
  }

  private boolean agrees(AgreeTombstoneGc message) {
    PublishedSpaces view = spaces.view();
    long endedSeconds = endpoint.transport().time().unixMillis() / 1000 - youngestSeconds;
    return view.spaces().write().clockTime() == message.whsClockTime()
        && rules.mayDropTombstones(view, spaces.self())
        && verified.getAsBoolean()
        && !ClockTime.isNewer(message.clockTime(), ClockTime.of(endedSeconds, 0));
  }

  @Override
  public void seek(HashSpace write, long clockTime, Consumer<Boolean> told) {
    AgreeTombstoneGc message = new AgreeTombstoneGc(write.clockTime(), clockTime);
    if (agrees(message)) {
      new Question(message, others(write), told).ask();
    } else {
      told.accept(false);
    }
  }

  private List<NodeAddress> others(HashSpace write) {
    return write.nodes().stream()
        .map(Node::address)
        .filter(address -> !address.equals(spaces.self()))
        .toList();
  }

  /** One round: who does not answer in time does not agree. */
  private final class Question {
    private final AgreeTombstoneGc message;
    private final List<NodeAddress> others;
    private final Consumer<Boolean> told;
    private int missing;
    private boolean agreed = true;

    Question(AgreeTombstoneGc message, List<NodeAddress> others, Consumer<Boolean> told) {
      this.message = message;
      this.others = others;
      this.told = told;
      this.missing = others.size() + 1;
    }

    void ask() {
      others.forEach(other -> ask(endpoint.peer(other)));
      said(true);
    }

    private void ask(Peer peer) {
      if (peer.role() == null) {
        peer.call(new KeepAlive(0, KeepAlive.NO_TIME), TIMEOUT_NS, new Introduced());
      } else if (Capabilities.isExtended(peer.capabilities())) {
        peer.call(message, TIMEOUT_NS, new Answered());
      } else {
        said(true);
      }
    }

    private void said(boolean yes) {
      agreed &= yes;
      missing--;
      if (missing == 0) {
        told.accept(agreed);
      }
    }

    private final class Answered implements ReplyHandler {
      @Override
      public void reply(ByteBuf result) throws MalformedMessageException {
        said(MsgPack.readBool(result));
      }

      @Override
      public void error(ErrorCode code, String detail) {
        said(false);
      }
    }

    /** What it is has to be known first; it is asked the next time. */
    private final class Introduced implements ReplyHandler {
      @Override
      public void reply(ByteBuf result) {
        said(false);
      }

      @Override
      public void error(ErrorCode code, String detail) {
        said(false);
      }
    }
  }
}
