package io.kumo.core.item;

import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a memcached command does to a record: a pure function. The semantics are those of memcached
 * 1.6; an expired, deleted or flushed record counts as absent throughout. A coordinator applies it
 * under the record's lock; a gateway, between a read and a compare-and-swap, where the server is
 * one of kumofs 0.4.13.
 *
 * <p>The CAS changes whenever the value does. Touching an item, or giving the right to recache it,
 * keeps the CAS, as in memcached: the item then carries its CAS beside the new ClockTime.
 */
public final class Mutation {
  /** A record that counts as present. */
  private record Present(ByteBuf data, ItemHead head) {}

  private final Mutate request;
  private final MutateOperands operands;
  private final Conditions conditions;
  private final ItemLayout layout;

  private Mutation(Mutate request, Conditions conditions) {
    this.request = request;
    this.operands = request.operands();
    this.conditions = conditions;
    this.layout = ItemLayout.of(request);
  }

  /**
   * Decides, and makes the record to be stored.
   *
   * @param current raw value now stored, tombstones included, null if there is no record; borrowed
   */
  public static Outcome apply(Mutate request, @Nullable ByteBuf current, Conditions conditions) {
    Mutation mutation = new Mutation(request, conditions);
    Outcome kept = request.has(MutateOptions.UNLESS_NEWER) ? mutation.keepNewer(current) : null;
    if (kept != null) {
      return kept;
    }
    Present present = mutation.present(current);
    return present == null ? mutation.onAbsent() : mutation.onPresent(present);
  }

  /** Null when what is imported is to be stored. */
  private @Nullable Outcome keepNewer(@Nullable ByteBuf current) {
    long imported = operands.newCas();
    boolean clockKnown = conditions.clockTime() != 0;
    if (clockKnown && Long.compareUnsigned(imported, conditions.clockTime()) > 0) {
      return Outcome.of(MutateStatus.NOT_STORED);
    }
    if (current == null || isFlushed(current)) {
      return null;
    }
    long version = Item.version(current);
    int order = Long.compareUnsigned(version, imported);
    boolean stays = request.operation() == Operation.TOUCH ? order > 0 : order >= 0;
    return stays ? new Outcome(MutateStatus.EXISTS, null, version, 0) : null;
  }

  private boolean isFlushed(ByteBuf current) {
    long flush = conditions.flushClockTime();
    return flush != 0 && Long.compareUnsigned(Item.clockTime(current), flush) <= 0;
  }

  private @Nullable Present present(@Nullable ByteBuf current) {
    boolean live =
        current != null
            && Item.isLive(current, layout, conditions.nowSeconds(), conditions.flushClockTime());
    return live ? new Present(Item.data(current, layout), ItemHead.of(current, layout)) : null;
  }

  private Outcome onAbsent() {
    boolean vivify = request.has(MutateOptions.VIVIFY);
    return switch (request.operation()) {
      case SET -> request.compares() ? Outcome.of(MutateStatus.NOT_FOUND) : storeRequested();
      case ADD -> storeRequested();
      case REPLACE ->
          Outcome.of(request.compares() ? MutateStatus.NOT_FOUND : MutateStatus.NOT_STORED);
      case APPEND, PREPEND -> vivify ? storeRequested() : Outcome.of(MutateStatus.NOT_STORED);
      case INCR, DECR -> vivify ? createNumber() : Outcome.of(MutateStatus.NOT_FOUND);
      case META_GET -> vivify ? createWon() : Outcome.of(MutateStatus.NOT_FOUND);
      case DELETE, TOUCH, GET_AND_TOUCH -> Outcome.of(MutateStatus.NOT_FOUND);
    };
  }

  private Outcome onPresent(Present present) {
    if (comparisonMatters() && request.compares() && operands.compare() != present.head().cas()) {
      return onOtherCas(present);
    }
    return switch (request.operation()) {
      case SET, REPLACE -> storeRequested();
      case ADD -> Outcome.of(MutateStatus.NOT_STORED);
      case APPEND -> join(present.head(), present.data(), request.value());
      case PREPEND -> join(present.head(), request.value(), present.data());
      case INCR, DECR -> count(present);
      case DELETE -> delete(present);
      case TOUCH, GET_AND_TOUCH -> touch(present);
      case META_GET -> metaGet(present);
    };
  }

  private boolean comparisonMatters() {
    return switch (request.operation()) {
      case SET, REPLACE, APPEND, PREPEND, INCR, DECR, DELETE -> true;
      case ADD, TOUCH, GET_AND_TOUCH, META_GET -> false;
    };
  }

  /** A value known to be out of date may still be stored, marked so, where that is asked for. */
  private Outcome onOtherCas(Present present) {
    ItemHead old = present.head();
    boolean stores =
        request.operation() == Operation.SET || request.operation() == Operation.REPLACE;
    boolean older = Long.compareUnsigned(operands.compare(), old.cas()) < 0;
    if (!stores || !older || !request.has(MutateOptions.INVALIDATE)) {
      return Outcome.of(MutateStatus.EXISTS);
    }
    if (tooLarge(request.value().readableBytes())) {
      return Outcome.of(MutateStatus.TOO_LARGE);
    }
    int marks = Item.STALE | (old.marks() & Item.WIN_GIVEN) | keyMark();
    return store(new ItemHead(operands.flags(), old.expiry(), marks, newCas()), request.value());
  }

  private Outcome storeRequested() {
    if (tooLarge(request.value().readableBytes())) {
      return Outcome.of(MutateStatus.TOO_LARGE);
    }
    return store(new ItemHead(operands.flags(), expiry(), newMarks(), newCas()), request.value());
  }

  /** As memcached 1.6, which forgets it when something is appended. */
  private int keyMark() {
    return request.has(MutateOptions.KEY_BASE64) ? Item.KEY_BASE64 : 0;
  }

  private int newMarks() {
    return keyMark() | (request.has(MutateOptions.UNLESS_NEWER) ? Item.IMPORTED : 0);
  }

  private long expiry() {
    return absolute(operands.expiry());
  }

  private long absolute(long time) {
    boolean relative = request.has(MutateOptions.CLIENT_TIMES);
    return relative ? ClientTime.absolute(time, conditions.nowSeconds()) : time;
  }

  private Outcome join(ItemHead old, ByteBuf first, ByteBuf second) {
    if (grownTooLarge((long) first.readableBytes() + second.readableBytes())) {
      return Outcome.of(MutateStatus.TOO_LARGE);
    }
    return store(new ItemHead(old.flags(), old.expiry(), 0, newCas()), first, second);
  }

  private Outcome createNumber() {
    ItemHead head = new ItemHead(operands.flags(), absolute(operands.vivifyExpiry()), 0, newCas());
    return store(head, decimal(operands.initial()));
  }

  private Outcome count(Present present) {
    if (!Decimal.isNumber(present.data())) {
      return Outcome.of(MutateStatus.NON_NUMERIC);
    }
    long old = Decimal.parse(present.data());
    long counted;
    if (request.operation() == Operation.INCR) {
      counted = old + operands.delta();
    } else {
      counted = Long.compareUnsigned(operands.delta(), old) > 0 ? 0 : old - operands.delta();
    }
    return store(updateExpiry(present.head()).withCas(newCas()), decimal(counted));
  }

  private Outcome delete(Present present) {
    boolean drop = request.has(MutateOptions.DROP_VALUE);
    boolean invalidate = request.has(MutateOptions.INVALIDATE);
    if (!drop && !invalidate) {
      ByteBuf tombstone = Item.tombstone(conditions.allocator(), conditions.clockTime());
      return new Outcome(MutateStatus.STORED, tombstone, 0, 0);
    }
    ItemHead old = present.head();
    int marks = invalidate ? Item.STALE | (old.marks() & Item.KEY_BASE64) : old.marks();
    ItemHead kept = drop ? new ItemHead(0, 0, marks, 0) : old.withMarks(marks);
    ByteBuf data = drop ? Unpooled.EMPTY_BUFFER : present.data();
    return store(updateExpiry(kept).withCas(newCas()), data);
  }

  private Outcome touch(Present present) {
    return store(present.head().withExpiry(expiry()), present.data());
  }

  private Outcome createWon() {
    ItemHead head = new ItemHead(0, absolute(operands.vivifyExpiry()), Item.WIN_GIVEN, newCas());
    Outcome stored = store(head, Unpooled.EMPTY_BUFFER);
    return new Outcome(stored.status(), stored.record(), stored.cas(), MutateResult.WON);
  }

  private Outcome metaGet(Present present) {
    ItemHead old = present.head();
    boolean stale = old.has(Item.STALE);
    boolean sent = old.has(Item.WIN_GIVEN);
    boolean won = !sent && (stale || expiresSoon(old));
    int tokens =
        (won ? MutateResult.WON : 0)
            | (stale ? MutateResult.STALE : 0)
            | (sent ? MutateResult.TOKEN_SENT : 0);
    ItemHead changed = updateExpiry(old);
    if (won) {
      changed = changed.withMarks(old.marks() | Item.WIN_GIVEN);
    }
    if (changed.equals(old)) {
      return new Outcome(MutateStatus.OK, null, old.cas(), tokens);
    }
    Outcome stored = store(changed, present.data());
    return new Outcome(stored.status(), stored.record(), stored.cas(), tokens);
  }

  private boolean expiresSoon(ItemHead head) {
    return request.has(MutateOptions.RECACHE)
        && head.expiry() != 0
        && Long.compareUnsigned(head.expiry(), absolute(operands.delta())) < 0;
  }

  private ItemHead updateExpiry(ItemHead head) {
    return request.has(MutateOptions.UPDATE_EXPIRY) ? head.withExpiry(expiry()) : head;
  }

  private long newCas() {
    return operands.newCas() == 0 ? conditions.clockTime() : operands.newCas();
  }

  /** The sizes are checked where a client's bytes come in; what is there may be moved on. */
  private boolean tooLarge(long dataBytes) {
    return dataBytes > conditions.maxValueBytes();
  }

  /** Only here is it known how large an item grows; the gateway's bound comes with the request. */
  private boolean grownTooLarge(long dataBytes) {
    long bound = operands.initial();
    return tooLarge(dataBytes) || (bound != 0 && dataBytes > bound);
  }

  private Outcome store(ItemHead head, ByteBuf... data) {
    ByteBuf record = head.encode(conditions.allocator(), conditions.clockTime(), layout, data);
    return new Outcome(MutateStatus.STORED, record, Item.cas(record), 0);
  }

  private static ByteBuf decimal(long value) {
    String digits = Long.toUnsignedString(value);
    return Unpooled.wrappedBuffer(digits.getBytes(StandardCharsets.US_ASCII));
  }
}
