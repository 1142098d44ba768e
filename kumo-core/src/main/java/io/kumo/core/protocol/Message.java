package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The parameters of a request: one record per {@link Method}. Results are described at each.
 *
 * <p>Buffers within a decoded message are slices of what it was decoded from: borrowed, and to be
 * retained by who keeps them. Buffers given to a message are borrowed by it.
 *
 * <p>Where a message has a {@code clock}, kumofs 0.4.13 sends its 32-bit counter, an extended peer
 * the whole ClockTime; both go to {@link io.kumo.core.clock.HybridClock#observeMessageClock}.
 */
public interface Message {
  Method method();

  /**
   * The latest ClockTime that whoever takes this message would go by from then on; 0 if there is
   * none. One that is too far ahead is refused, see {@link Limits#MAX_AHEAD_SECONDS}. That of a
   * record that is only passed on does not count: it was taken once.
   */
  default long latestClockTime() {
    return 0;
  }

  /** Appends the array of parameters. */
  void encode(ByteBuf out);
}
