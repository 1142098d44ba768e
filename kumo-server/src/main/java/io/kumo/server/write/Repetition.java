package io.kumo.server.write;

import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.server.dedup.RequestIds;
import io.kumo.server.write.change.Decision;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What becomes of a request that was sent again: it is never applied twice. */
final class Repetition {
  private Repetition() {}

  /** Whether it may have been applied, with nobody left here who would know. */
  static boolean mayBeForgotten(WriteContext context, WriteRequest request) {
    return request.repeated()
        && request.id().isPresent()
        && !context.remembersAll(request.hash())
        && context.requests().lookUp(request.id()) == RequestIds.Knowledge.NEW;
  }

  /**
   * The answer to a request that was applied, as it was then; null when that is gone.
   *
   * @param stored ClockTime of the record that is here
   * @param current that record, borrowed
   * @return whose CAS is the ClockTime by which the request was applied
   */
  static @Nullable Decision answer(
      WriteContext context, WriteRequest request, long stored, @Nullable ByteBuf current) {
    long applied = context.requests().clockTime(request.id());
    boolean untouched = stored == applied && current != null;
    if (!request.change().repeatable(untouched)) {
      return null;
    }
    ByteBuf value = untouched && current != null ? ClientWrites.copy(current) : null;
    return new Decision(MutateStatus.STORED, applied, 0, value);
  }
}
