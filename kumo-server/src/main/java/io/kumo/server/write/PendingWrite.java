package io.kumo.server.write;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.DiskFull;
import io.kumo.core.protocol.extended.MutateStatus;
import io.kumo.server.dedup.RequestIds;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.write.change.Decision;
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
final class PendingWrite implements ReplicationRound.Listener {
  /** The life of a write; it only moves down this list, but for {@link #rewind}. */
  enum Stage {
    /** Waits behind another write of its key, or for the newest record of it. */
    WAITING,
    /** Its record goes to the replicas, and then into the store here. */
    REPLICATING,
    /** Readable here, waits for the disk. */
    APPLIED,
    /** Ended, leaving nothing open. */
    DONE,
    /** Ended, and some replicas may have the record and others not. */
    IN_DOUBT
  }

  /** What the other replicas were asked before the write is decided. */
  private enum Inquiry {
    /** Nothing yet. */
    NONE,
    /** What they know of its request. */
    REQUEST,
    /** The record, which is damaged here, and with it what they know of the request. */
    RECORD
  }

  private final WriteContext context;
  private final WriteRequest request;
  private final Owner owner;
  private final long deadlineNs;
  private Stage stage = Stage.WAITING;
  private Inquiry inquiry = Inquiry.NONE;

  /** To be told, once; null from then on. */
  private @Nullable WriteReply unanswered;

  private int restamps;
  private @Nullable ReplicationRound round;

  /** Whether a replica may have the record from a round before this one. */
  private boolean sentBefore;

  private @Nullable Decision decision;
  private @Nullable ByteBuf value;
  private long clockTime;

  /** Is told how the write goes on, each at most once, in this order. */
  interface Owner {
    /**
     * The record that it would change is damaged here; it is to start again once it is repaired.
     */
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
    this.unanswered = request.reply();
    this.deadlineNs = context.nowNs() + context.limits().deadlineNs();
  }

  WriteRequest request() {
    return request;
  }

  boolean isOverdue(long nowNs) {
    return !isDone() && nowNs - deadlineNs >= 0;
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
    } else if (inquiry == Inquiry.RECORD) {
      decide(null);
    } else {
      inquiry = Inquiry.RECORD;
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
      end(Stage.DONE);
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
    return inquiry == Inquiry.NONE && mayBeForgotten();
  }

  /** From now on it waits for what the other replicas know of its key. */
  void asksOthers() {
    if (inquiry == Inquiry.NONE) {
      inquiry = Inquiry.REQUEST;
    }
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
    context.rules().propagating(context.store(), request.rawKey(), value());
    if (context.rules().answersEarly(request.answerEarly())) {
      answer(decision(), clockTime, value());
    }
    replicate();
  }

  private void replicate() {
    sentBefore = wasSent();
    round = new ReplicationRound(context, deadlineNs, this);
    round.propagate(new ReplicationRound.Payload(request.rawKey(), value(), request.id(), null));
  }

  /** Whether its client has been told that it is stored, though it cannot be read yet. */
  boolean isAnsweredEarly() {
    return stage == Stage.REPLICATING && unanswered == null && request.answerEarly();
  }

  /** The replicas to wait for may be others now. */
  void hashSpacesChanged() {
    if (stage == Stage.REPLICATING && round != null) {
      round.update();
    }
  }

  @Override
  public void committed(WriteResult result) {
    if (!result.stored() && !isRecord(result)) {
      overtaken(result.clockTime());
      return;
    }
    context.requests().remember(request.id(), request.hash(), clockTime, context.nowNs());
    awaitDurable(result.position());
  }

  @Override
  public void notCommitted(StoreException failure) {
    if (failure.code() == StoreException.Code.DISK_FULL) {
      diskFull();
    } else {
      unknown("cannot store the record: " + failure.getMessage());
    }
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
    } else {
      answerUnknown("not durable: " + failure.getMessage());
    }
    owner.ended(this);
  }

  @Override
  public void overtaken(long newer) {
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
    if (!wasSent()) {
      refuse();
      return;
    }
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.interrupted("another node coordinates the key now");
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
    if (wasSent() && request.change().conditional() && !request.id().isPresent()) {
      unknown("the record has to be fetched anew");
      return false;
    }
    if (round != null) {
      round.cancel();
    }
    stage = Stage.WAITING;
    return true;
  }

  private void refuse() {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.refused();
    }
    end(Stage.DONE);
  }

  /** Gives up, wherever it is. */
  void unknown(String reason) {
    answerUnknown(reason);
    end(wasSent() ? Stage.IN_DOUBT : Stage.DONE);
  }

  private void answer(Decision made, long recordClockTime, @Nullable ByteBuf record) {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.decided(made, recordClockTime, record);
    }
  }

  private void answerUnknown(String reason) {
    WriteReply reply = takeReply();
    if (reply != null) {
      reply.unknown(reason);
    }
  }

  /** Null when the writer has been answered. */
  private @Nullable WriteReply takeReply() {
    WriteReply reply = unanswered;
    unanswered = null;
    return reply;
  }

  private void end(Stage last) {
    if (isDone()) {
      return;
    }
    boolean holdsKey = stage != Stage.APPLIED;
    stage = last;
    if (round != null) {
      round.cancel();
    }
    if (holdsKey) {
      owner.keyReleased(this);
    }
    owner.ended(this);
  }

  private boolean wasSent() {
    return sentBefore || (round != null && round.wasSent());
  }

  boolean isInDoubt() {
    return stage == Stage.IN_DOUBT;
  }

  boolean isDone() {
    return stage == Stage.DONE || stage == Stage.IN_DOUBT;
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
