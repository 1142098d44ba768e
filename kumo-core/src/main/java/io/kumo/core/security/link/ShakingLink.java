package io.kumo.core.security.link;

import io.kumo.core.protocol.Limits;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Link;
import io.kumo.core.transport.LinkListener;
import io.kumo.core.transport.LinkProof;
import io.kumo.core.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hears a link until its other end has proved itself, and whoever it is for from then on. Confined
 * to its loop.
 */
abstract class ShakingLink implements LinkListener {
  /** How far it is. */
  private enum ShakeState {
    /** The other end has not proved itself yet. */
    SHAKING,
    /** The listener hears everything. */
    OPEN,
    /** The listener hears nothing, or nothing more. */
    OVER
  }

  private final Transport transport;
  private final LinkListener inner;
  private ShakeState state = ShakeState.SHAKING;
  private @Nullable Link link;
  private @Nullable Cancellable timer;

  ShakingLink(Transport transport, LinkListener inner) {
    this.transport = transport;
    this.inner = inner;
  }

  @Override
  public final void opened(Link opened) {
    link = opened;
    if (isTimed(opened)) {
      timer = transport.schedule(Limits.HANDSHAKE_NS, this::late);
    }
    begin(opened);
  }

  /** Whether the other end has only so much time. */
  boolean isTimed(Link opened) {
    return true;
  }

  /** The link is there. */
  abstract void begin(Link opened);

  /** Something has come, or what came before is still there. */
  abstract void shake(ByteBuf in);

  /**
   * It came to nothing; the link is being closed, or is closed.
   *
   * @param byOther whether the other end closed it
   */
  abstract void ended(String why, boolean byOther);

  private void late() {
    timer = null;
    if (state == ShakeState.SHAKING) {
      giveUp("it has not shaken hands in time");
    }
  }

  @Override
  public final void received(ByteBuf in) {
    switch (state) {
      case OPEN -> inner.received(in);
      case SHAKING -> shakeBounded(in);
      case OVER -> in.skipBytes(in.readableBytes());
    }
  }

  private void shakeBounded(ByteBuf in) {
    shake(in);
    if (state == ShakeState.OPEN && in.isReadable()) {
      inner.received(in);
    } else if (state == ShakeState.SHAKING && in.readableBytes() > Limits.MAX_HANDSHAKE_BYTES) {
      giveUp("it sends more than a handshake has");
    }
    if (state == ShakeState.OVER) {
      in.skipBytes(in.readableBytes());
    }
  }

  /** The other end has proved itself, or need not. */
  final void open(LinkProof proof) {
    state = ShakeState.OPEN;
    stopTimer();
    Link open = link();
    inner.opened(new ProvedLink(open, proof));
  }

  /** Closes the link when what was written has been offered. */
  final void giveUp(String why) {
    state = ShakeState.OVER;
    stopTimer();
    ended(why, false);
    link().close();
  }

  @Override
  public final void writable(boolean writable) {
    if (state == ShakeState.OPEN) {
      inner.writable(writable);
    }
  }

  @Override
  public final void connectFailed(Throwable cause) {
    inner.connectFailed(cause);
  }

  @Override
  public final void closed(@Nullable Throwable cause) {
    ShakeState before = state;
    state = ShakeState.OVER;
    stopTimer();
    if (before == ShakeState.OPEN) {
      inner.closed(cause);
    } else if (before == ShakeState.SHAKING) {
      ended(
          cause == null
              ? "it closed the connection in the handshake"
              : String.valueOf(cause.getMessage()),
          true);
    }
  }

  final LinkListener inner() {
    return inner;
  }

  final Link link() {
    return Objects.requireNonNull(link, "a link that is not open");
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public String toString() {
    return inner.getClass().getSimpleName();
  }
}
