package io.kumo.server.write.change;

import io.kumo.core.protocol.write.MutateStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Change} makes of a record.
 *
 * @param cas that a client may compare with, unless the record is stamped anew; 0 if there is no
 *     item
 * @param tokens as in {@link io.kumo.core.protocol.write.MutateResult}
 * @param value the raw value to store, in heap memory of its own, with room for the ClockTime in
 *     front; null when the record stays as it is
 */
public record Decision(MutateStatus status, long cas, int tokens, @Nullable ByteBuf value) {
  /** Leaves the record as it is. */
  public static Decision keep(MutateStatus status) {
    return new Decision(status, 0, 0, null);
  }

  /** Takes {@code value} to store it. */
  public static Decision store(ByteBuf value) {
    return new Decision(MutateStatus.STORED, 0, 0, value);
  }
}
