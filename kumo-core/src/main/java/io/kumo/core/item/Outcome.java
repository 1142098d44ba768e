package io.kumo.core.item;

import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Mutation} comes to.
 *
 * @param record raw value to be stored, owned by who asked for the mutation; null when the record
 *     stays as it is
 * @param cas of the item afterwards; 0 if there is none
 * @param tokens as in {@link MutateResult}
 */
public record Outcome(MutateStatus status, @Nullable ByteBuf record, long cas, int tokens) {
  static Outcome of(MutateStatus status) {
    return new Outcome(status, null, 0, 0);
  }
}
