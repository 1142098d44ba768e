package io.kumo.server.write;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.DiskFull;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.server.dedup.RequestIds;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One write from its turn to its answer. Main loop only.
 *
 * <p>The order that keeps the promise: read the record, decide, stamp, have every active replica
 * store it, only then store it here (from then on it is readable), wait until it is durable here,
 * answer. Whatever changes on the way - a replica that has something newer, a hash space that names
 * other replicas - is answered by starting the step anew or by giving up with "unknown", never by
 * skipping it.
 */
final class PendingWrite implements ReplicaRound.Listener {
  /** The life of a write; it only moves down this list, but for a stamp anew. */
  enum Stage {
    /** Waits behind another write of its key, or for the newest record of it. */
    WAITING,
    /** Waits for the replicas. */
    REPLICATING,
    /** Readable here, waits for the disk. */
    APPLIED,
    /** Answered, nothing left to do. */
    DONE
  }

  private final WriteContext context;
  private final WriteRequest request;
  private final Owner owner;
  private final long deadlineNs;
  private Stage stage = Stage.WAITING;
  private boolean answered;
  private boolean sent;
  private boolean inDoubt;
  private boolean othersAsked;
  private boolean mended;
  private int restamps;
  private @Nullable ReplicaRound round;
  private @Nullable Decision decision;
  private @Nullable ByteBuf value;
  private long clockTime;
  private final StoreStep applying;

  /** Is told how the write goes on, each at most once, in this order. */
  interface Owner {
    /** The record that it would change is damaged here; it is to start again once it is mended. */
    void damaged(PendingWrite write);

    /** The next write of the key may start. */
    void keyReleased(PendingWrite write);

    /** It is stored and not durable yet; only its deadline can end it now. */
    void awaitsDisk(PendingWrite write);

    /** It was answered, and holds nothing any more. */
    void ended(PendingWrite write);
  }

  PendingWrite(WriteContext context, WriteRequest request, Owner owner) {
    this.context = context;
    this.request = request;
    this.owner = owner;
    this.deadlineNs = context.transport().time().nanoTime() + context.limits().deadlineNs();
    this.applying = new StoreStep(context, this::apply);
  }

  WriteRequest request() {
    return request;
  }

  boolean isOverdue(long nowNs) {
    return stage != Stage.DONE && nowNs - deadlineNs >= 0;
  }

  /** Its turn has come: nothing of this key is under way. */
  void start() {
    ByteBuf current = null;
    try {
      current = context.store().get(request.rawKey());
      decide(current);
    } catch (StoreException e) {
      unreadable(e);
    } finally {
      if (current != null) {
        current.release();
      }
    }
  }

  /** A damaged record is fetched from the replicas; one that nobody has counts as none. */
  private void unreadable(StoreException e) {
    if (e.code() != StoreException.Code.CORRUPT) {
      unknown("cannot read the record: " + e.getMessage());
    } else if (mended) {
      decide(null);
    } else {
      mended = true;
      owner.damaged(this);
    }
  }

  private void decide(@Nullable ByteBuf current) {
    long stored = current == null ? 0 : current.getLong(current.readerIndex());
    boolean flushed = ClockTime.compare(stored, context.spaces().flushClockTime()) <= 0;
    RequestIds.Knowledge knowledge = context.requests().lookUp(request.id());
    if (knowledge != RequestIds.Knowledge.NEW) {
      answerRepeated(knowledge, stored, current);
      return;
    }
    if (mayBeForgotten()) {
      context.metrics().add(ServerMetric.WRITE_REPEATED);
      unknown("the request may have been applied where its memory is lost");
      return;
    }
    clockTime = context.clock().nextAfter(stored);
    Decision made = request.change().decide(flushed ? null : current, clockTime);
    decision = made;
    if (made.value() == null) {
      answer(made, stored, current);
      end();
      return;
    }
    if (made.value().readableBytes() > Store.TOMBSTONE_BYTES
        && context.store().fullness() != null) {
      diskFull();
      return;
    }
    value = made.value();
    stage = Stage.REPLICATING;
    send();
  }

  private void diskFull() {
    context.metrics().add(ServerMetric.DISK_FULL);
    unknown(DiskFull.on(context.spaces().self()));
  }

  /** It may have been applied, with nobody left here who would know. */
  private boolean mayBeForgotten() {
    return request.repeated()
        && request.id().isPresent()
        && !context.remembersAll(request.hash())
        && context.requests().lookUp(request.id()) == RequestIds.Knowledge.NEW;
  }

  /** Whether the other replicas may know more of this request, and were not asked yet. */
  boolean hasToAsk() {
    return !othersAsked && mayBeForgotten();
  }

  /** From now on it waits for what the other replicas know of its key. */
  void asksOthers() {
    othersAsked = true;
  }

  /**
   * The request was seen before: it is answered as then, or not at all, but never applied again.
   */
  private void answerRepeated(
      RequestIds.Knowledge knowledge, long stored, @Nullable ByteBuf current) {
    context.metrics().add(ServerMetric.WRITE_REPEATED);
    if (knowledge == RequestIds.Knowledge.FORGOTTEN) {
      unknown("the request may have been applied long ago");
      return;
    }
    long applied = context.requests().clockTime(request.id());
    boolean untouched = stored == applied && current != null;
    if (!request.change().repeatable(untouched)) {
      unknown("the request was applied, and its answer is gone");
      return;
    }
    value = untouched && current != null ? ClientWrites.copy(current) : null;
    decision = new Decision(MutateStatus.STORED, applied, 0, value);
    clockTime = applied;
    awaitDurable(context.store().position());
  }

  /** It may have been applied a moment ago, by an attempt that waits for the disk, too. */
  private void awaitDurable(long position) {
    stage = Stage.APPLIED;
    owner.keyReleased(this);
    context.store().whenDurable(position, context.transport()::execute, this::durable);
    if (!isDone()) {
      owner.awaitsDisk(this);
    }
  }

  /** Marks the record with its ClockTime and sends it to every replica. */
  private void send() {
    value().setLong(value().readerIndex(), clockTime);
    if (KnownBug.DIRTY_READS.isPlanted()) {
      context.store().update(request.rawKey(), value());
    }
    if (request.answerEarly() || KnownBug.ACKNOWLEDGE_EARLY.isPlanted()) {
      answer(decision(), clockTime, value());
    }
    replicate();
  }

  private void replicate() {
    ReplicaRound.Payload payload =
        new ReplicaRound.Payload(request.rawKey(), value(), request.id(), null);
    round = new ReplicaRound(context, payload, deadlineNs, this);
    round.update();
  }

  /** Whether its client has been told that it is stored, though it cannot be read yet. */
  boolean isAnsweredEarly() {
    return stage == Stage.REPLICATING && answered && request.answerEarly();
  }

  /** The replicas to wait for may be others now. */
  void hashSpacesChanged() {
    if (stage == Stage.REPLICATING && applying.isWaiting()) {
      applying.cancel();
      replicate();
    } else if (stage == Stage.REPLICATING && round != null) {
      round.update();
    }
  }

  @Override
  public void stored() {
    noteSent();
    apply();
  }

  private void apply() {
    WriteResult result;
    try {
      RequestId id = request.id();
      result =
          context.store().update(request.rawKey(), value(), id.gatewayIncarnation(), id.sequence());
    } catch (StoreException e) {
      if (e.code() == StoreException.Code.DISK_FULL) {
        diskFull();
      } else if (!applying.triesAgainAfter(e)) {
        unknown("cannot store the record: " + e.getMessage());
      }
      return;
    }
    if (!result.stored() && !isRecord(result)) {
      overtaken(result.clockTime());
      return;
    }
    context.requests().remember(request.id(), request.hash(), clockTime, context.nowNs());
    awaitDurable(result.position());
  }

  /** A replica may have sent the very record back meanwhile, as it repairs or copies. */
  private boolean isRecord(WriteResult result) {
    if (result.clockTime() != clockTime) {
      return false;
    }
    ByteBuf stored = context.store().get(request.rawKey());
    try {
      return value().equals(stored);
    } finally {
      if (stored != null) {
        stored.release();
      }
    }
  }

  private void durable(@Nullable StoreException failure) {
    if (stage != Stage.APPLIED) {
      return;
    }
    stage = Stage.DONE;
    if (failure == null) {
      answer(decision(), clockTime, value);
    } else if (claimAnswer()) {
      request.reply().unknown("not durable: " + failure.getMessage());
    }
    owner.ended(this);
  }

  @Override
  public void overtaken(long newer) {
    noteSent();
    if (request.change().conditional() || restamps >= WriteLimits.MAX_RESTAMPS) {
      unknown("a replica has a newer record");
      return;
    }
    restamps++;
    value = value().copy();
    clockTime = context.clock().nextAfter(newer);
    send();
  }

  @Override
  public void failed(String reason) {
    unknown(reason);
  }

  /**
   * Another node coordinates the key now, or did for a while. What has reached no replica was never
   * written.
   */
  void moved() {
    noteSent();
    if (!sent) {
      refuse();
      return;
    }
    if (claimAnswer()) {
      request.reply().interrupted("another node coordinates the key now");
    }
    unknown("another node coordinates the key now");
  }

  /**
   * What the write was decided on may not be the newest record any more, and the request may
   * meanwhile have been applied elsewhere: back to waiting for the key, as if it had just come.
   *
   * @return whether it is to begin anew; a write that cannot be repeated safely has ended
   */
  boolean rewind() {
    if (stage != Stage.REPLICATING) {
      return false;
    }
    noteSent();
    if (sent && request.change().conditional() && !request.id().isPresent()) {
      unknown("the record has to be fetched anew");
      return false;
    }
    if (round != null) {
      round.cancel();
    }
    applying.cancel();
    stage = Stage.WAITING;
    return true;
  }

  void refuse() {
    if (claimAnswer()) {
      request.reply().refused();
    }
    end();
  }

  void unknown(String reason) {
    noteSent();
    inDoubt = sent;
    if (claimAnswer()) {
      request.reply().unknown(reason);
    }
    end();
  }

  private void answer(Decision made, long recordClockTime, @Nullable ByteBuf record) {
    if (claimAnswer()) {
      request.reply().decided(made, recordClockTime, record);
    }
  }

  private boolean claimAnswer() {
    boolean first = !answered;
    answered = true;
    return first;
  }

  private void end() {
    if (stage == Stage.DONE) {
      return;
    }
    boolean holdsKey = stage != Stage.APPLIED;
    stage = Stage.DONE;
    applying.cancel();
    if (round != null) {
      round.cancel();
    }
    if (holdsKey) {
      owner.keyReleased(this);
    }
    owner.ended(this);
  }

  private void noteSent() {
    sent |= round != null && round.wasSent();
  }

  /** Whether some replicas may have the record and others not. */
  boolean isInDoubt() {
    return inDoubt;
  }

  boolean isDone() {
    return stage == Stage.DONE;
  }

  boolean isWaiting() {
    return stage == Stage.WAITING;
  }

  private ByteBuf value() {
    if (value == null) {
      throw new IllegalStateException("nothing to write");
    }
    return value;
  }

  private Decision decision() {
    if (decision == null) {
      throw new IllegalStateException("not decided");
    }
    return decision;
  }
}
