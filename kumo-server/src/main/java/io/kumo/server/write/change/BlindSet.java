package io.kumo.server.write.change;

import io.kumo.core.item.Conditions;
import io.kumo.core.item.Mutation;
import io.kumo.core.item.Outcome;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A set that stores the same whatever is there. Its record is made when it comes, so that the
 * client's bytes are copied once, and lacks only the ClockTime; times count from then.
 */
final class BlindSet implements Change {
  private final Outcome made;
  private final boolean repeatable;
  private boolean given;

  /** Borrows the request's buffers for the call. */
  BlindSet(Mutate request, long nowSeconds) {
    Conditions conditions =
        new Conditions(0, nowSeconds, 0, Limits.MAX_VALUE_BYTES, HeapRecords.RECORDS);
    made = Mutation.apply(request, null, conditions);
    repeatable = !request.has(MutateOptions.RETURN_VALUE);
  }

  @Override
  public Decision decide(@Nullable ByteBuf current, long clockTime) {
    ByteBuf record = made.record();
    if (record == null) {
      return Decision.keep(made.status());
    }
    long cas = made.cas() == 0 ? clockTime : made.cas();
    return new Decision(made.status(), cas, made.tokens(), own(record));
  }

  /** Of a set that is decided anew, its former record may still be on its way to a replica. */
  private ByteBuf own(ByteBuf record) {
    ByteBuf value = given ? record.copy() : record;
    given = true;
    return value;
  }

  @Override
  public boolean conditional() {
    return false;
  }

  @Override
  public boolean blind() {
    return true;
  }

  @Override
  public boolean repeatable(boolean untouched) {
    return untouched || repeatable;
  }
}
