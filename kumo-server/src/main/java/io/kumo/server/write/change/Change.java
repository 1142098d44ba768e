package io.kumo.server.write.change;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a write does to a record: pure, and decided again whenever the write starts anew. */
public interface Change {
  /**
   * Decides.
   *
   * @param current borrowed: the raw value that the key has now, tombstones included; null when
   *     there is none
   * @param clockTime of the record that is written, if one is
   */
  Decision decide(@Nullable ByteBuf current, long clockTime);

  /**
   * Whether the decision depends on what was there, so that it may not be repeated over a newer
   * record unseen.
   */
  boolean conditional();

  /** Whether it stores the same whatever was there, so that nobody needs to look. */
  default boolean blind() {
    return false;
  }

  /**
   * Whether the answer to an applied change can be given once more.
   *
   * @param untouched whether the record is still the one that the change made
   */
  boolean repeatable(boolean untouched);
}
