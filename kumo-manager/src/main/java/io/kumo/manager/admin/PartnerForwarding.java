package io.kumo.manager.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.extended.Forward;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.manager.control.ManagerContext;
import io.kumo.manager.election.Direction;
import io.kumo.manager.election.PartnerState;
import io.kumo.manager.election.PartnerSync;
import io.kumo.manager.session.NodeSessions;
import io.kumo.manager.session.ReplyHandlers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Objects;

/** Hands what the directing manager has to do to the partner when that directs. */
final class PartnerForwarding {
  private static final long TIMEOUT_NS = Duration.ofSeconds(5).toNanos();

  private final PartnerSync partner;
  private final NodeSessions sessions;
  private final Direction direction;

  PartnerForwarding(ManagerContext context) {
    this.partner = context.partner();
    this.sessions = context.sessions();
    this.direction = context.membership().direction();
  }

  /** Whether the partner has to do it, and can. */
  boolean partnerActs() {
    if (direction.votes().isOn()) {
      NodeAddress other = direction.votes().directorElsewhere();
      return other != null && partner.isPartner(other) && partner.inTouch();
    }
    return partner.partner() != null
        && partner.state() == PartnerState.SYNCED
        && !partner.directs()
        && partner.partnerExtended();
  }

  /** Passes the partner's answer on. */
  void forward(Message message, Replier reply) {
    NodeAddress address = Objects.requireNonNull(partner.partner(), "no partner");
    ByteBuf params = Unpooled.buffer();
    message.encode(params);
    sessions
        .peer(address)
        .call(
            new Forward(message.method().id(), params),
            TIMEOUT_NS,
            ReplyHandlers.of(
                result ->
                    reply.begin().writeBytes(result, result.readerIndex(), result.readableBytes()),
                (code, detail) -> reply.errorText("the partner, which directs: " + detail)));
  }
}
