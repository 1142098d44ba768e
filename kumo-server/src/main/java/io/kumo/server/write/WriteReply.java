package io.kumo.server.write;

import io.kumo.server.write.change.Decision;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Receives the end of one write, once, on the main loop. */
public interface WriteReply {
  /** Whether anybody waits for it: a write that has not begun by then need not begin. */
  default boolean isWanted() {
    return true;
  }

  /**
   * The operation was decided: stored on every active replica, or found to have nothing to store.
   *
   * @param clockTime of the record that was written, or of the one that decided against it; 0 when
   *     there is none
   * @param record borrowed: the raw value that the key has now, null when nothing was stored
   */
  void decided(Decision decision, long clockTime, @Nullable ByteBuf record);

  /** Nothing was written anywhere: another node coordinates this key. */
  void refused();

  /**
   * It may have been written, and whoever coordinates the key now can tell: with its request id it
   * may be tried again.
   */
  default void interrupted(String reason) {
    unknown(reason);
  }

  /** It may have been written, or will never be: nobody knows. */
  void unknown(String reason);
}
