package io.kumo.core.transport;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears what happens on one {@link Link}, on the transport's loop. */
public interface LinkListener {
  void opened(Link link);

  /**
   * The connect attempt failed or timed out; nothing else follows.
   *
   * @param cause a {@link ConnectionRefusedException} if, and only if, the remote machine refused
   */
  default void connectFailed(Throwable cause) {}

  /**
   * Borrows the bytes received and not yet consumed. Consumes whole frames and leaves the rest,
   * which comes again with what follows. Anything thrown is a bug and closes the link.
   */
  void received(ByteBuf in);

  /** The remote side drains ({@code true}) or does not drain ({@code false}) what is sent to it. */
  default void writable(boolean writable) {}

  /** The link is gone; nothing else follows. {@code cause} is null for an orderly end. */
  void closed(@Nullable Throwable cause);
}
