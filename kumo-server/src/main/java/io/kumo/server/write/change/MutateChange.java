package io.kumo.server.write.change;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Conditions;
import io.kumo.core.item.Mutation;
import io.kumo.core.item.Outcome;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A memcached command of an extended gateway.
 *
 * @param request with buffers of its own
 */
public record MutateChange(Mutate request, TimeSource time) implements Change {
  /**
   * What a request does.
   *
   * @param request as it was decoded: its value is borrowed for the call, its key its own
   */
  public static Change of(Mutate request, TimeSource time) {
    if (request.operation() == Operation.SET && !isConditionalSet(request)) {
      return new BlindSet(request, nowSeconds(time));
    }
    Mutate own =
        new Mutate(
            request.operation(),
            request.options(),
            request.key(),
            Unpooled.wrappedBuffer(ByteBufUtil.getBytes(request.value())),
            request.operands(),
            request.id());
    return new MutateChange(own, time);
  }

  private static boolean isConditionalSet(Mutate set) {
    return set.compares() || set.has(MutateOptions.UNLESS_NEWER);
  }

  private static long nowSeconds(TimeSource time) {
    return TimeUnit.MILLISECONDS.toSeconds(time.unixMillis());
  }

  @Override
  public Decision decide(@Nullable ByteBuf current, long clockTime) {
    Conditions conditions =
        new Conditions(clockTime, nowSeconds(time), 0, Limits.MAX_VALUE_BYTES, HeapRecords.RECORDS);
    Outcome outcome = Mutation.apply(request, current, conditions);
    return new Decision(outcome.status(), outcome.cas(), outcome.tokens(), outcome.record());
  }

  @Override
  public boolean conditional() {
    return switch (request.operation()) {
      case SET -> isConditionalSet(request);
      case DELETE ->
          request.compares()
              || request.has(MutateOptions.DROP_VALUE)
              || request.has(MutateOptions.INVALIDATE);
      case ADD, REPLACE, APPEND, PREPEND, INCR, DECR, TOUCH, GET_AND_TOUCH, META_GET -> true;
    };
  }

  @Override
  public boolean repeatable(boolean untouched) {
    return switch (request.operation()) {
      case META_GET -> false;
      case INCR, DECR, GET_AND_TOUCH -> untouched;
      case SET, ADD, REPLACE, APPEND, PREPEND, DELETE, TOUCH ->
          untouched || !request.has(MutateOptions.RETURN_VALUE);
    };
  }
}
