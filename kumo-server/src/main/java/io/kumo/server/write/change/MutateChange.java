package io.kumo.server.write.change;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Conditions;
import io.kumo.core.item.Mutation;
import io.kumo.core.item.Outcome;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.extended.Mutate;
import io.kumo.core.protocol.extended.MutateOptions;
import io.kumo.core.protocol.extended.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A memcached command of an extended gateway.
 *
 * @param request with buffers of its own
 */
public record MutateChange(Mutate request, TimeSource time) implements Change {
  /** Records to be written live in heap memory, which nobody has to release. */
  private static final ByteBufAllocator HEAP = new HeapRecords();

  @Override
  public Decision decide(@Nullable ByteBuf current, long clockTime) {
    long nowSeconds = TimeUnit.MILLISECONDS.toSeconds(time.unixMillis());
    Conditions conditions = new Conditions(clockTime, nowSeconds, 0, Limits.MAX_VALUE_BYTES, HEAP);
    Outcome outcome = Mutation.apply(request, current, conditions);
    return new Decision(outcome.status(), outcome.cas(), outcome.tokens(), outcome.record());
  }

  @Override
  public boolean conditional() {
    return switch (request.operation()) {
      case SET -> request.compares() || request.has(MutateOptions.UNLESS_NEWER);
      case DELETE ->
          request.compares()
              || request.has(MutateOptions.DROP_VALUE)
              || request.has(MutateOptions.INVALIDATE);
      case ADD, REPLACE, APPEND, PREPEND, INCR, DECR, TOUCH, GET_AND_TOUCH, META_GET -> true;
    };
  }

  @Override
  public boolean blind() {
    return request.operation() == Operation.SET && !conditional();
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
