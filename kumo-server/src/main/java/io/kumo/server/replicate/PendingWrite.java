package io.kumo.server.replicate;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.ExtReplicate;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.ReplicateSet;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Cancellable;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
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
final class PendingWrite {
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
  private final List<ReplicaWrite> round = new ArrayList<>(2);
  private Stage stage = Stage.WAITING;
  private boolean answered;
  private boolean sent;
  private boolean inDoubt;
  private int restamps;
  private @Nullable Decision decision;
  private @Nullable ByteBuf value;
  private long clockTime;

  /** Is told how the write goes on, each once, in this order. */
  interface Owner {
    /** The next write of the key may start. */
    void keyReleased(PendingWrite write);

    /** It was answered, and holds nothing any more. */
    void ended(PendingWrite write);
  }

  PendingWrite(WriteContext context, WriteRequest request, Owner owner) {
    this.context = context;
    this.request = request;
    this.owner = owner;
    this.deadlineNs = context.transport().time().nanoTime() + context.limits().deadlineNs();
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
      unknown("cannot read the record: " + e.getMessage());
    } finally {
      if (current != null) {
        current.release();
      }
    }
  }

  private void decide(@Nullable ByteBuf current) {
    long stored = current == null ? 0 : current.getLong(current.readerIndex());
    boolean flushed = ClockTime.compare(stored, context.spaces().flushClockTime()) <= 0;
    clockTime = context.clock().nextAfter(stored);
    Decision made = request.change().decide(flushed ? null : current, clockTime);
    decision = made;
    if (made.value() == null) {
      answer(made, stored, current);
      end();
      return;
    }
    value = made.value();
    stage = Stage.REPLICATING;
    send();
  }

  /** Marks the record with its ClockTime and sends it to every replica. */
  private void send() {
    value().setLong(value().readerIndex(), clockTime);
    dropRound();
    if (KnownBug.DIRTY_READS.isPlanted()) {
      context.store().update(request.rawKey(), value());
    }
    if (request.answerEarly() || KnownBug.ACKNOWLEDGE_EARLY.isPlanted()) {
      answer(decision(), clockTime, value());
    }
    hashSpacesChanged();
  }

  /**
   * Waits for the replicas of today: those that left are dropped, those that came are written to.
   */
  void hashSpacesChanged() {
    if (stage != Stage.REPLICATING) {
      return;
    }
    HashSpaces spaces = context.spaces().current();
    if (!context.spaces().isCoordinator(request.hash())) {
      moved();
      return;
    }
    List<NodeAddress> written = spaces.write().activeReplicas(request.hash());
    List<NodeAddress> read =
        spaces.rebalancing() ? spaces.read().activeReplicas(request.hash()) : List.of();
    round.removeIf(replica -> hasLeft(replica, written, read));
    written.forEach(address -> join(address, false));
    read.forEach(address -> join(address, true));
    sendRound();
  }

  private static boolean hasLeft(
      ReplicaWrite replica, List<NodeAddress> written, List<NodeAddress> read) {
    if (written.contains(replica.replica()) || read.contains(replica.replica())) {
      return false;
    }
    replica.drop();
    return true;
  }

  private void join(NodeAddress address, boolean byRead) {
    if (address.equals(context.spaces().self())) {
      return;
    }
    for (ReplicaWrite replica : round) {
      if (replica.replica().equals(address)) {
        return;
      }
    }
    round.add(new ReplicaWrite(this, address, byRead));
  }

  private void sendRound() {
    long stampOfRound = clockTime;
    for (ReplicaWrite replica : List.copyOf(round)) {
      if (stage != Stage.REPLICATING || clockTime != stampOfRound) {
        return;
      }
      replica.send();
    }
    acknowledged();
  }

  /** Called whenever one more replica has the record. */
  void acknowledged() {
    if (stage != Stage.REPLICATING) {
      return;
    }
    for (ReplicaWrite replica : round) {
      if (!replica.isStored()) {
        return;
      }
    }
    apply();
  }

  private void apply() {
    WriteResult result;
    try {
      RequestId id = request.id();
      result =
          context.store().update(request.rawKey(), value(), id.gatewayIncarnation(), id.sequence());
    } catch (StoreException e) {
      unknown("cannot store the record: " + e.getMessage());
      return;
    }
    if (!result.stored() && !isRecord(result)) {
      overtaken(result.clockTime());
      return;
    }
    stage = Stage.APPLIED;
    owner.keyReleased(this);
    context.store().whenDurable(result.position(), context.transport()::execute, this::durable);
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
      answer(decision(), clockTime, value());
    } else if (claimAnswer()) {
      request.reply().unknown("not durable: " + failure.getMessage());
    }
    owner.ended(this);
  }

  /** Somebody holds a record of this key that is newer than the one being written. */
  void overtaken(long newer) {
    if (stage != Stage.REPLICATING) {
      return;
    }
    context.metrics().add(ServerMetric.REPLICA_HAD_NEWER);
    context.clock().observe(newer);
    if (request.change().conditional() || restamps >= WriteLimits.MAX_RESTAMPS) {
      unknown("a replica has a newer record");
      return;
    }
    restamps++;
    value = value().copy();
    clockTime = context.clock().nextAfter(newer);
    send();
  }

  /** A replica refused this coordinator; whoever has the older hash spaces takes the newer. */
  void fenced(NodeAddress replica, ClusterView theirs) {
    context.metrics().add(ServerMetric.FENCED);
    context.spaces().offer(theirs);
    if (ClockTime.isNewer(writeClockTime(), theirs.spaces().write().clockTime())) {
      context.replicas().share(replica, context.spaces().view());
    }
  }

  void observe(long newer) {
    context.clock().observe(newer);
  }

  void replicaFailed(String reason) {
    context.metrics().add(ServerMetric.REPLICATION_FAILED);
    unknown(reason);
  }

  /** Another node coordinates the key now. What has reached no replica was never written. */
  void moved() {
    if (sent) {
      unknown("another node coordinates the key now");
    } else {
      refuse();
    }
  }

  void refuse() {
    if (claimAnswer()) {
      request.reply().refused();
    }
    end();
  }

  void unknown(String reason) {
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
    dropRound();
    if (holdsKey) {
      owner.keyReleased(this);
    }
    owner.ended(this);
  }

  private void dropRound() {
    round.forEach(ReplicaWrite::drop);
    round.clear();
  }

  /** Whether some replicas may have the record and others not. */
  boolean isInDoubt() {
    return inDoubt;
  }

  boolean isWaiting() {
    return stage == Stage.WAITING;
  }

  long writeClockTime() {
    return context.spaces().current().write().clockTime();
  }

  int retryLimit() {
    boolean tombstone = value().readableBytes() == Long.BYTES;
    return tombstone ? context.limits().deleteRetries() : context.limits().setRetries();
  }

  Cancellable schedule(long delayNs, Runnable action) {
    return context.transport().schedule(delayNs, action);
  }

  void call(NodeAddress replica, boolean byRead, ReplicaReply reply) {
    sent = true;
    long remainingNs = deadlineNs - context.transport().time().nanoTime();
    long timeoutNs = Math.max(1, Math.min(remainingNs, context.limits().callTimeoutNs()));
    ExtReplicate message =
        new ExtReplicate(
            clockTime,
            byRead ? ReplicateSet.BY_READ_SPACE : 0,
            request.rawKey(),
            value(),
            new Fence(writeClockTime(), context.spaces().self()),
            request.id());
    context.replicas().replicate(replica, message, timeoutNs, reply);
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
