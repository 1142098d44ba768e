package io.kumo.server.repair;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.ReplicationRound;
import io.kumo.server.write.round.RoundListener;
import io.kumo.server.write.round.RoundPayload;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Failover recovery of one key: finds the newest record and puts it on every replica. Main loop
 * only.
 *
 * <p>A {@link ReplicationRound} asks all other replicas, and those that were replicas before, for
 * what they have; takes the newest, which may be a write that was never acknowledged; has it stored
 * wherever it is not; stores it here last, when nobody can lose it any more. A change of the hash
 * spaces on the way, or a record that comes in or goes meanwhile, starts it anew.
 */
final class KeyRecovery implements RoundListener.Asker {
  /** Knows whom to ask, and hears of the end, once. */
  interface Owner {
    void ended(KeyRecovery recovery, boolean recovered);

    /** It holds so many bytes of values more, or less, than before. */
    void holds(long change);

    /** As {@link UnverifiedRanges#formerReplicas}. */
    Set<NodeAddress> formerReplicas(long hash);

    /** As {@link Coordinator#isWriting}. */
    boolean isBeingWritten(long hash);
  }

  private final WriteContext context;
  private final ByteBuf rawKey;
  private final boolean unbroken;
  private final Owner owner;
  private final long deadlineNs;
  private final List<KeyGate.Waiter> waiters = new ArrayList<>(1);
  private NewestRecord found = new NewestRecord(null, RequestHistory.NONE);
  private @Nullable ReplicationRound round;

  /** What is propagated: what was found, or a tombstone in its place. */
  private @Nullable ByteBuf record;

  private boolean damaged;
  private boolean over;
  private long heldBytes;
  private @Nullable Cancellable deadline;

  /**
   * @param rawKey in memory of its own
   * @param unbroken whether this server has coordinated the key all the time: what it has not, was
   *     deleted or never acknowledged
   */
  KeyRecovery(WriteContext context, ByteBuf rawKey, boolean unbroken, Owner owner) {
    this.context = context;
    this.rawKey = rawKey;
    this.unbroken = unbroken;
    this.owner = owner;
    this.deadlineNs = context.nowNs() + context.limits().deadlineNs();
  }

  long hash() {
    return RawKey.hash(rawKey);
  }

  int waiters() {
    return waiters.size();
  }

  void add(KeyGate.Waiter waiter) {
    waiters.add(waiter);
  }

  void start() {
    deadline =
        context
            .transport()
            .schedule(context.limits().deadlineNs(), () -> fail("no answer from the replicas"));
    begin();
  }

  /**
   * Which replicas count may have changed, and who asks, or what is here: begins again, or leaves
   * it to the next.
   */
  void startAnew() {
    if (over) {
      return;
    }
    if (context.spaces().isCoordinator(hash())) {
      begin();
    } else {
      end(false, KeyGate.Waiter::moved);
    }
  }

  private void begin() {
    abandon();
    damaged = false;
    ByteBuf own;
    try {
      own = readOwn();
    } catch (StoreException e) {
      if (e.code() != StoreException.Code.CORRUPT) {
        fail("cannot read the record: " + e.getMessage());
        return;
      }
      own = null; // What the others have replaces it.
      damaged = true;
    }
    found = new NewestRecord(own, context.history(hash()));
    record = null;
    account();
    HashSpaces spaces = context.spaces().current();
    if (spaces.rebalancing()
        && spaces.owners(hash()).isEmpty()
        && !spaces.read().nodes().isEmpty()) {
      fail("every server that has the record is down");
      return;
    }
    round = new ReplicationRound(context, deadlineNs, this);
    round.ask(found.question(rawKey), formerReplicas(spaces), this);
  }

  private Set<NodeAddress> formerReplicas(HashSpaces spaces) {
    Set<NodeAddress> former = owner.formerReplicas(hash());
    if (former.isEmpty()) {
      return former;
    }
    Set<NodeAddress> active = new LinkedHashSet<>(former);
    active.removeIf(address -> !spaces.write().isActive(address));
    return active;
  }

  private @Nullable ByteBuf readOwn() {
    ByteBuf value = context.store().get(rawKey);
    if (value == null) {
      return null;
    }
    try {
      return ClientWrites.copy(value);
    } finally {
      value.release();
    }
  }

  private void abandon() {
    if (round != null) {
      round.cancel();
      round = null;
    }
  }

  private void account() {
    long bytes = over ? 0 : found.bytes();
    owner.holds(bytes - heldBytes);
    heldBytes = bytes;
  }

  // ---- what the round tells ----

  @Override
  public void answered(FetchResult result, boolean former) {
    context.clock().observe(result.clockTime());
    found.add(result, former);
    account();
  }

  @Override
  public void allAnswered() {
    if (hasMovedOn(found.own())) {
      begin();
      return;
    }
    ByteBuf newest = found.value();
    if (newest == null || !found.differs()) {
      succeed(newest);
      return;
    }
    if (isResurrected(newest)) {
      newest = Unpooled.copyLong(context.clock().nextAfter(found.clockTime()));
    }
    record = newest;
    if (round != null) {
      round.propagate(new RoundPayload(rawKey, newest, RequestId.NONE, found.history()));
    }
  }

  /** A replica kept a record whose tombstone this server has dropped; it is deleted once more. */
  private boolean isResurrected(ByteBuf newest) {
    return unbroken
        && !damaged
        && found.own() == null
        && !owner.isBeingWritten(hash())
        && ClockTime.compare(
                NewestRecord.clockTimeOf(newest), context.books().tombstoneWatermark().getAsLong())
            <= 0;
  }

  /** A newer record in the store is found by {@link #hasMovedOn}. */
  @Override
  public void committed(WriteResult result) {
    succeed(record);
  }

  @Override
  public void notCommitted(StoreException failure) {
    fail("cannot store the record: " + failure.getMessage());
  }

  @Override
  public void overtaken(long clockTime) {
    begin();
  }

  @Override
  public void failed(String reason) {
    fail(reason);
  }

  /**
   * Only now: what was remembered of a record that could not be had must not count as applied. Nor
   * is it what the others were asked about, if another record has come in meanwhile.
   */
  private void succeed(@Nullable ByteBuf everywhere) {
    if (hasMovedOn(everywhere)) {
      begin();
      return;
    }
    RequestHistory history = found.history();
    context.remember(hash(), history);
    if (history.whole()) {
      context.books().coverage().completed(hash(), context.nowNs());
    } else if (everywhere != null && !everywhere.equals(found.own())) {
      context.books().coverage().cut(hash(), context.nowNs());
    }
    end(true, KeyGate.Waiter::opened);
  }

  private boolean hasMovedOn(@Nullable ByteBuf since) {
    try {
      return !damaged && context.store().clockTime(rawKey) != NewestRecord.clockTimeOf(since);
    } catch (StoreException e) {
      return false; // It is damaged since: whoever reads it next has it repaired.
    }
  }

  private void fail(String reason) {
    end(false, waiter -> waiter.failed(reason));
  }

  private void end(boolean recovered, Consumer<KeyGate.Waiter> teller) {
    if (over) {
      return;
    }
    over = true;
    account();
    abandon();
    if (deadline != null) {
      deadline.cancel();
    }
    owner.ended(this, recovered);
    waiters.forEach(teller);
  }
}
