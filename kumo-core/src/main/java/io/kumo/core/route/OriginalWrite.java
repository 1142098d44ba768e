package io.kumo.core.route;

import io.kumo.core.item.Conditions;
import io.kumo.core.item.Item;
import io.kumo.core.item.Mutation;
import io.kumo.core.item.Outcome;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.original.Delete;
import io.kumo.core.protocol.original.DeleteResult;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.GetIfModified;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.protocol.original.SetResult;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.KeyOptions;
import io.kumo.core.rpc.ReplyHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A write whose coordinator is a server of kumofs 0.4.13: it knows set, delete and compare-and-swap
 * only, so everything else is a read, the mutation decided here, and a compare-and-swap, until no
 * other client comes between. Reads do not show tombstones, with which it compares, too: one that
 * is in the way is looked for by a {@link TombstoneSearch}.
 *
 * <p>Plain sets and deletes are repeated after an error, as the original's gateway does; anything
 * that must not happen twice is not, and its client hears that its fate is unknown. Confined to its
 * event loop.
 */
final class OriginalWrite {
  private static final long ATTEMPT_NS = TimeUnit.SECONDS.toNanos(5);
  private static final int MAX_CONTENDED_ROUNDS = 64;
  private static final int MAX_SEARCHES = 8;

  private final WriteCall call;
  private final Target target;
  private final MutateEncoder terms;
  private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private int rounds;
  private int searches;
  private boolean tombstoneLikely;

  OriginalWrite(WriteCall call, Target target) {
    this.call = call;
    this.target = target;
    this.terms = new MutateEncoder(call.router()::options, call.router().itemReader());
  }

  void begin() {
    KeyCommand command = call.command();
    boolean plain =
        !command.request().has(KeyOptions.COMPARE | KeyOptions.NEW_CAS | KeyOptions.INVALIDATE);
    if (command.request().operation() == KeyOperation.SET && plain) {
      plainSet(command);
    } else {
      read();
    }
  }

  private void plainSet(KeyCommand command) {
    Mutate mutate = terms.toMutate(command, call.index(), RequestId.NONE);
    Outcome outcome = Mutation.apply(mutate, null, conditions());
    ByteBuf record = outcome.record();
    if (record == null) {
      finish(outcome);
      return;
    }
    int operation = call.router().options().asyncSet() ? Set.ASYNC : Set.PLAIN;
    try {
      send(new Set(operation, mutate.key(), record), true, result -> stored(outcome, result, null));
    } finally {
      record.release();
    }
  }

  private void read() {
    if (++rounds > MAX_CONTENDED_ROUNDS) {
      fail();
      return;
    }
    // In a rebalance the coordinator may be one that does not answer reads yet.
    Target reader = call.router().ring().replica(call.hash(), 0);
    send(reader == null ? target : reader, new Get(mutate().key()), true, this::decide);
  }

  private Mutate mutate() {
    return terms.toMutate(call.command(), call.index(), RequestId.NONE);
  }

  private Conditions conditions() {
    Router router = call.router();
    return new Conditions(
        0,
        router.itemReader().nowSeconds(),
        router.ring().flushClockTime(),
        router.options().maxValueBytes(),
        allocator);
  }

  /** The record as it is has come; null when the server shows none. */
  private void decide(ByteBuf result) throws MalformedMessageException {
    ByteBuf current = MsgPack.tryReadNil(result) ? null : MsgPack.readRaw(result);
    if (current == null && tombstoneLikely) {
      findTombstone();
    } else {
      decideOn(current);
    }
  }

  private void findTombstone() {
    if (++searches > MAX_SEARCHES) {
      fail();
      return;
    }
    call.router().counter().count(RouteEvent.TOMBSTONE_SEARCH);
    ask(new TombstoneSearch(call.router().itemReader().nowSeconds(), searches));
  }

  private void ask(TombstoneSearch search) {
    GetIfModified question = new GetIfModified(mutate().key(), search.next());
    send(question, true, result -> answered(search, result));
  }

  /** True, nil for a tombstone that is newer or no record, or a value that is newer. */
  private void answered(TombstoneSearch search, ByteBuf result) throws MalformedMessageException {
    boolean nil = MsgPack.tryReadNil(result);
    if (!nil && !MsgPack.isBool(result)) {
      decideOn(MsgPack.readRaw(result));
      return;
    }
    search.answer(!nil && MsgPack.readBool(result));
    switch (search.state()) {
      case ASKING -> ask(search);
      case ABSENT -> decideOn(null);
      case FOUND -> decideOnTombstone(search.clockTime());
    }
  }

  private void decideOnTombstone(long clockTime) {
    ByteBuf tombstone = Item.tombstone(allocator, clockTime);
    try {
      decideOn(tombstone);
    } finally {
      tombstone.release();
    }
  }

  private void decideOn(@Nullable ByteBuf current) {
    Mutate mutate = mutate();
    Outcome outcome = Mutation.apply(mutate, current, conditions());
    ByteBuf record = outcome.record();
    if (record == null) {
      boolean deleted = call.hasFoundAndDeleted(outcome.status());
      finish(deleted ? new Outcome(MutateStatus.OK, null, 0, 0) : outcome);
      return;
    }
    try {
      write(mutate, outcome, record, current);
    } finally {
      record.release();
    }
  }

  private void write(Mutate mutate, Outcome outcome, ByteBuf record, @Nullable ByteBuf current) {
    if (Item.isTombstone(record)) {
      int flags = call.router().options().asyncDelete() ? Delete.ASYNC : 0;
      call.deleteFound();
      send(new Delete(flags, mutate.key()), true, result -> deleted(outcome, result));
      return;
    }
    long expected = current == null ? 0 : Item.clockTime(current);
    ByteBuf swapped = record.copy().setLong(record.readerIndex(), expected);
    try {
      send(
          new Set(Set.COMPARE_AND_SWAP, mutate.key(), swapped),
          false,
          new Swapped(outcome, record.copy(), current == null));
    } finally {
      swapped.release();
    }
  }

  /** What to do with a successful answer. */
  private interface Next {
    void reply(ByteBuf result) throws MalformedMessageException;

    /** The call is over without an answer. */
    default void abandoned() {}
  }

  /** The answer to a compare-and-swap; owns a copy of the record that was sent. */
  private final class Swapped implements Next {
    private final Outcome outcome;
    private final ByteBuf record;
    private final boolean expectedAbsent;

    Swapped(Outcome outcome, ByteBuf record, boolean expectedAbsent) {
      this.outcome = outcome;
      this.record = record;
      this.expectedAbsent = expectedAbsent;
    }

    @Override
    public void reply(ByteBuf result) throws MalformedMessageException {
      SetResult swap = SetResult.read(result);
      try {
        if (swap.status() == SetResult.Status.MISMATCH) {
          // Somebody came between, or there is a tombstone.
          tombstoneLikely |= expectedAbsent;
          read();
        } else {
          stored(outcome, swap, record);
        }
      } finally {
        record.release();
      }
    }

    @Override
    public void abandoned() {
      record.release();
    }
  }

  private void stored(Outcome outcome, ByteBuf result, @Nullable ByteBuf record)
      throws MalformedMessageException {
    stored(outcome, SetResult.read(result), record);
  }

  private void stored(Outcome outcome, SetResult set, @Nullable ByteBuf record) {
    if (set.status() != SetResult.Status.STORED) {
      // Replicas may lack it. Storing it again does no harm; comparing again would.
      endOrRepeat(record == null);
      return;
    }
    boolean chosen = record != null && Item.cas(record) != 0;
    long cas = chosen ? outcome.cas() : set.clockTime();
    finish(new MutateResult(outcome.status(), 0, cas, record, outcome.tokens(), null));
  }

  private void deleted(Outcome outcome, ByteBuf result) throws MalformedMessageException {
    if (DeleteResult.read(result) == DeleteResult.FAILED) {
      endOrRepeat(true);
    } else {
      finish(outcome);
    }
  }

  private void finish(Outcome outcome) {
    finish(new MutateResult(outcome.status(), 0, outcome.cas(), null, outcome.tokens(), null));
  }

  private void finish(MutateResult result) {
    boolean failed = result.status() == MutateStatus.FAILED;
    if (failed) {
      call.countFailure();
    }
    ItemReader reader = call.router().itemReader();
    call.finish(MutateOutcome.apply(result, call.command(), call.index(), reader));
  }

  private void fail() {
    call.fail();
  }

  private void endOrRepeat(boolean repeatable) {
    if (repeatable) {
      rounds++;
      call.backOff();
    } else {
      fail();
    }
  }

  private void send(Message message, boolean repeatable, Next next) {
    send(target, message, repeatable, next);
  }

  private void send(Target to, Message message, boolean repeatable, Next next) {
    long remainingNs = call.deadlineNs() - call.router().nanoTime();
    if (remainingNs <= 0) {
      next.abandoned();
      fail();
      return;
    }
    ReplyHandler handler =
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) throws MalformedMessageException {
            next.reply(result);
          }

          @Override
          public void error(ErrorCode code, String detail) {
            next.abandoned();
            call.countError(code, to, detail);
            endOrRepeat(repeatable || code == ErrorCode.NOT_SENT);
          }
        };
    call.countAttempt();
    to.peer().call(message, Math.min(ATTEMPT_NS, remainingNs), handler);
  }
}
