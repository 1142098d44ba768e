package io.kumo.server.write;

import io.kumo.core.clock.ClockTime;
import io.kumo.server.dedup.RequestIds;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.WriteResult;
import io.kumo.server.write.change.Decision;
import io.kumo.server.write.round.ReplicationRound;
import io.kumo.server.write.round.RoundListener;
import io.kumo.server.write.round.RoundPayload;
import io.kumo.server.write.round.WriteContext;
import io.kumo.server.write.round.WriteLimits;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
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
final class PendingWrite extends StagedWrite implements RoundListener, SyncListener {
  private static final String NO_LEASE = "the lease to coordinate the key is over";

  private final WriteContext context;
  private final WriteRequest request;
  private final WriteProgress progress;
  private final KeyQueue queue;
  private final long deadlineNs;
  private WriteInquiry inquiry = WriteInquiry.NONE;

  private int restamps;
  private @Nullable ReplicationRound round;

  /** Whether a replica may have the record from a round before this one. */
  private boolean sentBefore;

  private @Nullable Decision decision;
  private @Nullable ByteBuf value;
  private long clockTime;

  PendingWrite(WriteContext context, WriteRequest request, WriteProgress progress, KeyQueue queue) {
    super(request.reply());
    this.context = context;
    this.request = request;
    this.progress = progress;
    this.queue = queue;
    this.deadlineNs = context.nowNs() + context.limits().deadlineNs();
  }

  WriteRequest request() {
    return request;
  }

  /** Of its key. */
  KeyQueue queue() {
    return queue;
  }

  /** When it came. */
  long sinceNs() {
    return deadlineNs - context.limits().deadlineNs();
  }

  boolean isOverdue(long nowNs) {
    return !isDone() && nowNs - deadlineNs >= 0;
  }

  /** Its turn has come: nothing of this key is under way. */
  void start() {
    ByteBuf current = null;
    try {
      current = isDecidedUnseen() ? null : context.store().get(request.rawKey());
      decide(current);
    } catch (StoreException e) {
      unreadable(e);
    } finally {
      if (current != null) {
        current.release();
      }
    }
  }

  /**
   * Whether the record that is here makes no difference. The ClockTime is greater than those of all
   * records that this server has met; should one have a greater one nevertheless, the write is
   * overtaken and stamped anew.
   */
  private boolean isDecidedUnseen() {
    return request.change().blind()
        && context.requests().lookUp(request.id()) == RequestIds.Knowledge.NEW;
  }

  /** A damaged record is fetched from the replicas; one that nobody has counts as none. */
  private void unreadable(StoreException e) {
    if (e.code() != StoreException.Code.CORRUPT) {
      unknown("cannot read the record: " + e.getMessage());
    } else if (inquiry == WriteInquiry.RECORD) {
      decide(null);
    } else {
      inquiry = WriteInquiry.RECORD;
      progress.damaged(this);
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
    if (Repetition.mayBeForgotten(context, request)) {
      context.metrics().add(ServerMetric.WRITE_REPEATED);
      unknown("the request may have been applied where its memory is lost");
      return;
    }
    clockTime = context.clock().nextAfter(stored);
    Decision made = request.change().decide(flushed ? null : current, clockTime);
    decision = made;
    if (made.value() == null) {
      tell(made, stored, current);
      end(WriteStage.DONE);
      return;
    }
    String objection = WriteConditions.objection(context, request.hash(), made.value());
    if (objection != null) {
      unknown(objection);
      return;
    }
    value = made.value();
    enter(WriteStage.REPLICATING);
    send();
  }

  /** Whether the other replicas may know more of this request, and were not asked yet. */
  boolean hasToAsk() {
    return inquiry == WriteInquiry.NONE && Repetition.mayBeForgotten(context, request);
  }

  /** From now on it waits for what the other replicas know of its key. */
  void asksOthers() {
    if (inquiry == WriteInquiry.NONE) {
      inquiry = WriteInquiry.REQUEST;
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
    Decision then = Repetition.answer(context, request, stored, current);
    if (then == null) {
      unknown("the request was applied, and its answer is gone");
      return;
    }
    decision = then;
    value = then.value();
    clockTime = then.cas();
    awaitDurable(context.store().position());
  }

  /** It may have been applied a moment ago, by an attempt that waits for the disk, too. */
  private void awaitDurable(long position) {
    enter(WriteStage.APPLIED);
    progress.keyReleased(this);
    context.store().whenDurable(position, context.transport(), this);
    if (!isDone()) {
      progress.awaitsDisk(this);
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
    round.propagate(new RoundPayload(request.rawKey(), value(), request.id(), null));
  }

  /**
   * What came of it is told by who still coordinates the key; else another one may have told
   * something else, and nobody knows what this came to.
   */
  private void tell(Decision made, long recordClockTime, @Nullable ByteBuf record) {
    if (context.spaces().mayTell(request.hash())) {
      answer(made, recordClockTime, record);
    } else if (made.value() == null) {
      answerRefused();
    } else {
      answerInterrupted(NO_LEASE);
    }
  }

  /** Whether its client has been told that it is stored, though it cannot be read yet. */
  boolean isAnsweredEarly() {
    return isReplicating() && isAnswered() && request.answerEarly();
  }

  /** The replicas to wait for may be others now. */
  void hashSpacesChanged() {
    if (isReplicating() && round != null) {
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
      unknown(WriteConditions.diskFull(context));
    } else {
      unknown("cannot store the record: " + failure.getMessage());
    }
  }

  /** A replica may have sent the very record back meanwhile, as it repairs or copies. */
  private boolean isRecord(WriteResult result) {
    return result.clockTime() == clockTime && context.isStored(request.rawKey(), value());
  }

  @Override
  public void synced(@Nullable StoreException failure) {
    if (!isApplied()) {
      return;
    }
    enter(WriteStage.DONE);
    String objection =
        failure == null
            ? WriteConditions.tooFewCopies(context, request.hash())
            : "not durable: " + failure.getMessage();
    if (objection == null) {
      tell(decision(), clockTime, value);
    } else {
      answerUnknown(objection);
    }
    progress.ended(this);
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
    answerInterrupted("another node coordinates the key now");
    unknown("another node coordinates the key now");
  }

  /**
   * What the write was decided on may not be the newest record any more, and the request may
   * meanwhile have been applied elsewhere: back to waiting for the key, as if it had just come.
   *
   * @return whether it is to begin anew; a write that cannot be repeated safely has ended
   */
  boolean rewind() {
    if (!isReplicating()) {
      return false;
    }
    if (wasSent() && request.change().conditional() && !request.id().isPresent()) {
      unknown("the record has to be fetched anew");
      return false;
    }
    if (round != null) {
      round.cancel();
    }
    enter(WriteStage.WAITING);
    return true;
  }

  private void refuse() {
    answerRefused();
    end(WriteStage.DONE);
  }

  /** Gives up, wherever it is. */
  void unknown(String reason) {
    answerUnknown(reason);
    end(wasSent() ? WriteStage.IN_DOUBT : WriteStage.DONE);
  }

  private void end(WriteStage last) {
    if (isDone()) {
      return;
    }
    boolean holdsKey = !isApplied();
    enter(last);
    if (round != null) {
      round.cancel();
    }
    if (holdsKey) {
      progress.keyReleased(this);
    }
    progress.ended(this);
  }

  private boolean wasSent() {
    return sentBefore || (round != null && round.wasSent());
  }

  private ByteBuf value() {
    return Objects.requireNonNull(value, "nothing to write");
  }

  private Decision decision() {
    return Objects.requireNonNull(decision, "not decided");
  }
}
