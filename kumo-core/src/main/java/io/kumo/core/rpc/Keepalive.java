package io.kumo.core.rpc;

import io.kumo.core.clock.ClockQuestion;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.transport.AdjustableInterval;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one peer for a heartbeat at an interval and gives its session up after {@link #MISSED_LIMIT}
 * intervals in a row in which neither the answer nor anything else came. Confined to the loop.
 */
public final class Keepalive {
  /** Unanswered calls in a row after which a peer counts as lost. */
  public static final int MISSED_LIMIT = 3;

  private final Transport transport;
  private final Peer peer;
  private final AdjustableInterval interval;
  private final Supplier<? extends Message> message;
  private final LongConsumer aheadMs;
  private int missed;
  private @Nullable Cancellable repeating;
  private boolean stopped;

  /**
   * @param message made anew for each call, as it carries the clock
   * @param aheadMs told how far the peer's wall clock is ahead of this one, in milliseconds, when
   *     an answer has shown that
   */
  public Keepalive(
      Transport transport,
      Peer peer,
      AdjustableInterval interval,
      Supplier<? extends Message> message,
      LongConsumer aheadMs) {
    this.transport = transport;
    this.peer = peer;
    this.interval = interval;
    this.message = message;
    this.aheadMs = aheadMs;
  }

  /** Sends the first call at once. */
  public void start() {
    repeating = interval.repeat(transport, 1, "keepalive of " + peer, this::send);
    send();
  }

  public void stop() {
    stopped = true;
    if (repeating != null) {
      repeating.cancel();
    }
  }

  private void send() {
    if (peer.connected()) {
      peer.call(message.get(), interval.ns(), new Call(new ClockQuestion(transport.time())));
    }
  }

  /** A peer that sends anything at all lives, though its answer may be behind much else. */
  private boolean hasBeenHeard() {
    return transport.time().nanoTime() - peer.heardNs() < interval.ns();
  }

  private void failed(ErrorCode code) {
    if (stopped || code != ErrorCode.TIMEOUT || hasBeenHeard()) {
      missed = 0;
      return;
    }
    missed++;
    if (missed >= MISSED_LIMIT) {
      missed = 0;
      peer.drop("no heartbeat for " + MISSED_LIMIT + " keepalive intervals");
    }
  }

  /** One of them, under way. */
  private final class Call implements ReplyHandler {
    private final ClockQuestion question;

    Call(ClockQuestion question) {
      this.question = question;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      missed = 0;
      long unixMs = KeepAlive.readResult(result);
      if (unixMs != KeepAlive.NO_TIME) {
        question.aheadMs(unixMs).ifPresent(aheadMs);
      }
    }

    @Override
    public void error(ErrorCode code, String detail) {
      failed(code);
    }
  }
}
