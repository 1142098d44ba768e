package io.kumo.server.repair;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.Reads;
import io.kumo.server.write.Checksums;
import io.kumo.server.write.ClientWrites;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.FetchReply;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.ReplicaRound;
import io.kumo.server.write.StoreStep;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest record of one key and puts it on every replica. Main loop only.
 *
 * <p>Asks all other replicas, of the write hash space and in a rebalance of the read hash space,
 * and those that were replicas before, for what they have; takes the newest, which may be a write
 * that was never acknowledged; has it stored wherever it is not; stores it here last, when nobody
 * can lose it any more. A change of the hash spaces on the way starts it anew.
 */
final class KeyTakeover implements ReplicaRound.Listener {
  /** Knows whom to ask, and hears of the end, once. */
  interface Owner {
    void ended(KeyTakeover takeover, boolean fetched);

    /** It holds so many bytes of values more, or less, than before. */
    void holds(long change);

    /** As {@link Obligations#formerReplicas}. */
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
  private final List<AppliedRequest> remembered = new ArrayList<>();
  private final Set<Long> wholeAt = new HashSet<>(4);
  private final List<ReplicaFetch> fetches = new ArrayList<>(4);
  private final StoreStep storing;
  private @Nullable ReplicaRound round;
  private @Nullable ByteBuf own;
  private @Nullable ByteBuf newest;
  private boolean differs;
  private long found;
  private boolean damaged;
  private boolean over;
  private long heldBytes;
  private @Nullable Cancellable deadline;

  /**
   * @param rawKey in memory of its own
   * @param unbroken whether this server has coordinated the key all the time: what it has not, was
   *     deleted or never acknowledged
   */
  KeyTakeover(WriteContext context, ByteBuf rawKey, boolean unbroken, Owner owner) {
    this.context = context;
    this.rawKey = rawKey;
    this.unbroken = unbroken;
    this.owner = owner;
    this.storing = new StoreStep(context, this::stored);
    this.deadlineNs = context.nowNs() + context.limits().deadlineNs();
  }

  long hash() {
    return Reads.hash(rawKey);
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

  /** Which replicas count may have changed, and who asks: start anew, or leave it to the next. */
  void hashSpacesChanged() {
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
    newest = own;
    account();
    differs = false;
    remembered.clear();
    wholeAt.clear();
    RequestHistory mine = context.history(hash());
    remembered.addAll(mine.requests());
    if (mine.whole()) {
      wholeAt.add(clockTimeOf(own));
    }
    HashSpaces spaces = context.spaces().current();
    spaces.write().activeReplicas(hash()).forEach(address -> join(address, false));
    if (spaces.rebalancing()) {
      List<NodeAddress> owners = spaces.owners(hash());
      owners.forEach(address -> join(address, false));
      if (owners.isEmpty() && !spaces.read().nodes().isEmpty()) {
        fail("every server that has the record is down");
        return;
      }
    }
    owner.formerReplicas(hash()).stream()
        .filter(spaces.write()::isActive)
        .forEach(address -> join(address, true));
    List<ReplicaFetch> all = List.copyOf(fetches);
    all.forEach(ReplicaFetch::send);
    checkFetched();
  }

  private void abandon() {
    fetches.forEach(ReplicaFetch::drop);
    fetches.clear();
    storing.cancel();
    if (round != null) {
      round.cancel();
      round = null;
    }
  }

  /** The two may be one; then it counts twice. */
  private void account() {
    long bytes = over ? 0 : bytes(own) + bytes(newest);
    owner.holds(bytes - heldBytes);
    heldBytes = bytes;
  }

  private static long bytes(@Nullable ByteBuf value) {
    return value == null ? 0 : value.readableBytes();
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

  private void join(NodeAddress address, boolean former) {
    boolean known = fetches.stream().anyMatch(fetch -> fetch.replica().equals(address));
    if (!known && !address.equals(context.spaces().self())) {
      fetches.add(new ReplicaFetch(this, address, former));
    }
  }

  // ---- what the replicas tell ----

  /**
   * @param former whether it comes from a node that is a replica no longer
   */
  void fetched(FetchResult result, boolean former) {
    remembered.addAll(result.history().requests());
    if (result.history().whole()) {
      wholeAt.add(result.clockTime());
    }
    context.clock().observe(result.clockTime());
    if (result.status() == FetchResult.Status.VALUE && result.value() != null) {
      differs = true;
      offer(result.value());
    } else {
      differs |= !former && result.clockTime() != clockTimeOf(own);
    }
    checkFetched();
  }

  private void offer(ByteBuf value) {
    ByteBuf best = newest;
    boolean newer =
        best == null
            || ClockTime.isNewer(clockTimeOf(value), clockTimeOf(best))
            || (clockTimeOf(value) == clockTimeOf(best) && ByteBufUtil.compare(value, best) > 0);
    if (newer) {
      newest = ClientWrites.copy(value);
      account();
    }
  }

  /** The replica cannot be asked; it is left as it is. */
  void unsupported() {
    checkFetched();
  }

  private void checkFetched() {
    if (over || round != null || !fetches.stream().allMatch(ReplicaFetch::isDone)) {
      return;
    }
    if (hasMovedOn(own)) {
      begin();
      return;
    }
    found = clockTimeOf(newest);
    if (newest == null || !differs) {
      succeed();
      return;
    }
    if (isResurrected(newest)) {
      newest = Unpooled.copyLong(context.clock().nextAfter(clockTimeOf(newest)));
    }
    ReplicaRound.Payload payload =
        new ReplicaRound.Payload(rawKey, newest, RequestId.NONE, history());
    round = new ReplicaRound(context, payload, deadlineNs, this);
    round.update();
  }

  /** What is known of the newest record; all, if one of those that had it knows all. */
  private RequestHistory history() {
    List<AppliedRequest> latest = remembered.stream().distinct().toList();
    int excess = Math.max(0, latest.size() - RequestHistory.MAX_REQUESTS);
    boolean whole = excess == 0 && wholeAt.contains(found);
    return new RequestHistory(latest.subList(excess, latest.size()), whole);
  }

  /** A replica kept a record whose tombstone this server has dropped; it is deleted once more. */
  private boolean isResurrected(ByteBuf found) {
    return unbroken
        && !damaged
        && own == null
        && !owner.isBeingWritten(hash())
        && ClockTime.compare(clockTimeOf(found), context.books().dropMark().getAsLong()) <= 0;
  }

  @Override
  public void stored() {
    ByteBuf record = newest;
    try {
      if (record != null) {
        context.store().update(rawKey, record);
      }
    } catch (StoreException e) {
      if (!storing.triesAgainAfter(e)) {
        fail("cannot store the record: " + e.getMessage());
      }
      return;
    }
    succeed();
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
  private void succeed() {
    if (hasMovedOn(newest)) {
      begin();
      return;
    }
    RequestHistory history = history();
    context.remember(hash(), history);
    if (history.whole()) {
      context.books().reach().completed(hash(), context.nowNs());
    }
    end(true, KeyGate.Waiter::opened);
  }

  private boolean hasMovedOn(@Nullable ByteBuf since) {
    try {
      return !damaged && context.store().clockTime(rawKey) != clockTimeOf(since);
    } catch (StoreException e) {
      return false; // It is damaged since: whoever reads it next has it mended.
    }
  }

  void fail(String reason) {
    end(false, waiter -> waiter.failed(reason));
  }

  private void end(boolean fetched, Consumer<KeyGate.Waiter> teller) {
    if (over) {
      return;
    }
    over = true;
    account();
    abandon();
    if (deadline != null) {
      deadline.cancel();
    }
    owner.ended(this, fetched);
    waiters.forEach(teller);
  }

  // ---- what they need ----

  void fenced(NodeAddress replica, ClusterView theirs, int failures) {
    context.fenced(replica, theirs, failures);
  }

  void call(NodeAddress replica, FetchReply reply) {
    ByteBuf mine = own;
    int checksum = mine == null ? 0 : Checksums.of(mine);
    Fence fence = new Fence(writeClockTime(), context.spaces().self());
    Fetch message = new Fetch(rawKey, clockTimeOf(mine), checksum, fence);
    long timeoutNs = Math.min(deadlineNs - context.nowNs(), context.limits().callTimeoutNs());
    context.replicas().fetch(replica, message, Math.max(1, timeoutNs), reply);
  }

  Cancellable schedule(long delayNs, Runnable action) {
    return context.transport().schedule(delayNs, action);
  }

  private long writeClockTime() {
    return context.spaces().current().write().clockTime();
  }

  private static long clockTimeOf(@Nullable ByteBuf value) {
    return value == null ? 0 : value.getLong(value.readerIndex());
  }
}
