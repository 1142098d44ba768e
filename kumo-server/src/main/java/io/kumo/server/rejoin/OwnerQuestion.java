package io.kumo.server.rejoin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.extended.GetTombstoneWatermark;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Asks all owners up to where they have dropped tombstones, each until it answers. Servers of
 * kumofs 0.4.13 cannot be asked, and give no tombstones to others: they count as having dropped
 * all. What an owner is has to be known before: an original ends a connection on which it is asked
 * what it does not know. Confined to the main loop.
 */
final class OwnerQuestion {
  private static final long TIMEOUT_NS = Duration.ofSeconds(3).toNanos();
  private static final long AGAIN_NS = Duration.ofSeconds(1).toNanos();

  private static final long ALL_DROPPED = -1L;

  private final RpcEndpoint endpoint;
  private final Set<NodeAddress> owners;
  private final Set<NodeAddress> unanswered;
  private final Predicate<OwnerQuestion> isOpen;
  private final LongConsumer answered;
  private long droppedUntil;

  /**
   * @param isOpen whether an answer is still wanted
   * @param answered given the greatest watermark when all have answered
   */
  OwnerQuestion(
      RpcEndpoint endpoint,
      Set<NodeAddress> owners,
      Predicate<OwnerQuestion> isOpen,
      LongConsumer answered) {
    this.endpoint = endpoint;
    this.owners = owners;
    this.unanswered = new HashSet<>(owners);
    this.isOpen = isOpen;
    this.answered = answered;
  }

  void ask() {
    owners.forEach(this::ask);
  }

  private void ask(NodeAddress owner) {
    Peer peer = endpoint.peer(owner);
    if (peer.role() == null) {
      introduce(owner, peer);
      return;
    }
    if (!Capabilities.isExtended(peer.capabilities())) {
      answered(owner, ALL_DROPPED);
      return;
    }
    peer.call(
        new GetTombstoneWatermark(),
        TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) throws MalformedMessageException {
            answered(owner, MsgPack.readUnsigned(result));
          }

          @Override
          public void error(ErrorCode code, String detail) {
            endpoint.transport().schedule(AGAIN_NS, () -> again(owner));
          }
        });
  }

  /** What every node answers, and says who it is before. */
  private void introduce(NodeAddress owner, Peer peer) {
    peer.call(
        new KeepAlive(0, KeepAlive.NO_TIME),
        TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {
            again(owner);
          }

          @Override
          public void error(ErrorCode code, String detail) {
            long waitNs = peer.role() == null ? AGAIN_NS : 0;
            endpoint.transport().schedule(waitNs, () -> again(owner));
          }
        });
  }

  private void again(NodeAddress owner) {
    if (isOpen.test(this)) {
      ask(owner);
    }
  }

  private void answered(NodeAddress owner, long theirs) {
    if (!isOpen.test(this) || !unanswered.remove(owner)) {
      return;
    }
    droppedUntil = ClockTime.max(droppedUntil, theirs);
    if (unanswered.isEmpty()) {
      answered.accept(droppedUntil);
    }
  }
}
