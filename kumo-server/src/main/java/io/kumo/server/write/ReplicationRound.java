package io.kumo.server.write;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtReplicate;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.replica.ReplicaBackoff;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to have one record of one key on every replica: the active ones of the write hash
 * space and, in a rebalance, those of the read hash space. A write knows the record and begins with
 * {@link Phase#PROPAGATE}; failover recovery has to find it and begins with {@link Phase#ASK}. A
 * record that is stamped anew, or asked for anew, takes a round of its own.
 *
 * <p>Invariants, all on the main loop:
 *
 * <ul>
 *   <li>Nothing is stored here before every other replica has it: what is readable here cannot be
 *       lost any more.
 *   <li>Which replicas count is decided by the hash spaces of the moment, see {@link #update}.
 *   <li>It ends once, with one call of its listener, or silently by {@link #cancel}.
 * </ul>
 */
public final class ReplicationRound {
  /** Where a round is; it moves down this list, but for {@link #update} while COMMIT waits. */
  public enum Phase {
    /** Every other replica is asked what it has, until it answers or the round is cancelled. */
    ASK,
    /** Every other replica is sent the record, so often as the limits allow. */
    PROPAGATE,
    /** Every other replica has the record; it is stored here as soon as the store is not busy. */
    COMMIT,
    /** Ended. */
    OVER
  }

  /** Hears how the round ended: one call of one of these. */
  public interface Listener {
    /** Every replica has the record; what became of it in the store of this server. */
    void committed(WriteResult result);

    /** Every other replica has the record, and the store of this server refuses it for good. */
    void notCommitted(StoreException failure);

    /** A replica has a newer one, of this ClockTime. */
    void overtaken(long clockTime);

    /** A replica could not be made to store it; others may have. */
    void failed(String reason);
  }

  /** Hears what the replicas have, too. */
  public interface Asker extends Listener {
    /**
     * What one replica has; borrows the buffers of the result for the length of the call.
     *
     * @param former whether it is a replica no longer: that it lacks the record is as it should be
     */
    void answered(FetchResult result, boolean former);

    /** Nobody is left to be asked: {@link #propagate} goes on, {@link #cancel} ends the round. */
    void allAnswered();
  }

  /**
   * What is to be stored.
   *
   * @param rawKey not changed while the round lasts, as is the value
   * @param history of a record that is passed on; null for a new one
   */
  public record Payload(
      ByteBuf rawKey, ByteBuf rawValue, RequestId id, @Nullable RequestHistory history) {
    long hash() {
      return rawKey.getLong(rawKey.readerIndex());
    }

    long clockTime() {
      return rawValue.getLong(rawValue.readerIndex());
    }

    boolean isTombstone() {
      return rawValue.readableBytes() == Long.BYTES;
    }
  }

  /**
   * What is asked.
   *
   * @param rawKey not changed while the round lasts
   * @param clockTime of the record that is here; 0 when there is none
   * @param checksum of its value, as {@link Checksums}; 0 when there is none
   */
  public record Question(ByteBuf rawKey, long clockTime, int checksum) {
    long hash() {
      return rawKey.getLong(rawKey.readerIndex());
    }
  }

  private static final long STORE_BUSY_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final WriteContext context;
  private final long deadlineNs;
  private final Listener listener;
  private final List<ReplicaCall> calls = new ArrayList<>(2);
  private Phase phase = Phase.ASK;
  private @Nullable Asker asker;
  private @Nullable Question question;
  private @Nullable Payload payload;
  private @Nullable Cancellable storeBusy;
  private boolean sent;

  /** One that {@link #ask} or {@link #propagate} starts. */
  public ReplicationRound(WriteContext context, long deadlineNs, Listener listener) {
    this.context = context;
    this.deadlineNs = deadlineNs;
    this.listener = listener;
  }

  /**
   * Asks what the replicas have. What it asks stands as long as the hash spaces do: when they
   * change it is to be cancelled.
   *
   * @param former asked beside the replicas of now
   */
  public void ask(Question about, Set<NodeAddress> former, Asker told) {
    question = about;
    asker = told;
    joinReplicas(about.hash());
    former.forEach(address -> join(address, ReplicaCall.Role.FORMER));
    callAll();
    checkAnswers();
  }

  /** Has {@code record} on every replica, and then here. */
  public void propagate(Payload record) {
    payload = record;
    propagate();
  }

  private void propagate() {
    calls.clear();
    phase = Phase.PROPAGATE;
    update();
  }

  /**
   * The hash spaces changed: who left is dropped, who came is called. While the store here is busy
   * all are called again.
   */
  void update() {
    switch (phase) {
      case ASK -> throw new IllegalStateException("the replicas have to be asked anew");
      case PROPAGATE -> {
        joinReplicas(payload().hash());
        callAll();
        checkAnswers();
      }
      case COMMIT -> {
        if (storeBusy != null) {
          cancelStoring();
          propagate();
        }
      }
      case OVER -> {}
    }
  }

  /** Ends it; the listener hears nothing any more. */
  public void cancel() {
    phase = Phase.OVER;
    cancelStoring();
    calls.forEach(ReplicaCall::drop);
  }

  /** Whether a replica was sent the record: from then on it may have it. */
  boolean wasSent() {
    return sent;
  }

  // ---- who has to answer ----

  private void joinReplicas(long hash) {
    HashSpaces spaces = context.spaces().current();
    List<NodeAddress> written = spaces.write().activeReplicas(hash);
    List<NodeAddress> read = spaces.rebalancing() ? spaces.owners(hash) : List.of();
    calls.removeIf(call -> hasLeft(call, written, read));
    written.forEach(address -> join(address, ReplicaCall.Role.WRITE_SPACE));
    read.forEach(address -> join(address, ReplicaCall.Role.READ_SPACE));
  }

  private static boolean hasLeft(
      ReplicaCall call, List<NodeAddress> written, List<NodeAddress> read) {
    if (written.contains(call.replica()) || read.contains(call.replica())) {
      return false;
    }
    call.drop();
    return true;
  }

  private void join(NodeAddress address, ReplicaCall.Role membership) {
    if (address.equals(context.spaces().self())) {
      return;
    }
    for (ReplicaCall call : calls) {
      if (call.replica().equals(address)) {
        return;
      }
    }
    calls.add(new ReplicaCall(this, address, membership));
  }

  /** A copy, as an answer that comes at once may start the round anew. */
  private void callAll() {
    for (ReplicaCall call : List.copyOf(calls)) {
      if (phase != Phase.OVER) {
        call(call);
      }
    }
  }

  // ---- what the replicas say ----

  /** One has what it is sent, or has said what it has. */
  void answered() {
    checkAnswers();
  }

  void answered(FetchResult result, boolean former) {
    if (asker != null) {
      asker.answered(result, former);
    }
    checkAnswers();
  }

  private void checkAnswers() {
    for (ReplicaCall call : calls) {
      if (!call.isDone()) {
        return;
      }
    }
    switch (phase) {
      case ASK -> asker().allAnswered();
      case PROPAGATE -> {
        phase = Phase.COMMIT;
        commit();
      }
      case COMMIT, OVER -> {}
    }
  }

  void overtaken(long newer) {
    context.clock().observe(newer);
    if (phase == Phase.PROPAGATE) {
      cancel();
      context.metrics().add(ServerMetric.REPLICA_HAD_NEWER);
      listener.overtaken(newer);
    }
  }

  void fenced(NodeAddress replica, ClusterView theirs, int failures) {
    context.fenced(replica, theirs, failures);
  }

  void failed(String reason) {
    if (phase != Phase.OVER) {
      cancel();
      context.metrics().add(ServerMetric.REPLICATION_FAILED);
      listener.failed(reason);
    }
  }

  // ---- to the store of this server ----

  private void commit() {
    storeBusy = null;
    Payload record = payload();
    RequestId id = record.id();
    WriteResult result;
    try {
      result =
          context
              .store()
              .update(record.rawKey(), record.rawValue(), id.gatewayIncarnation(), id.sequence());
    } catch (StoreException e) {
      if (e.code() == StoreException.Code.BUSY) {
        context.metrics().add(ServerMetric.STORE_BUSY);
        storeBusy = schedule(STORE_BUSY_NS, this::commit);
      } else {
        cancel();
        listener.notCommitted(e);
      }
      return;
    }
    phase = Phase.OVER;
    listener.committed(result);
  }

  private void cancelStoring() {
    if (storeBusy != null) {
      storeBusy.cancel();
      storeBusy = null;
    }
  }

  // ---- calling ----

  /** Calls the replica now, if it is neither being called nor done. */
  void call(ReplicaCall call) {
    if (!call.begin(writeClockTime())) {
      return;
    }
    long remainingNs = deadlineNs - context.nowNs();
    long timeoutNs = Math.max(1, Math.min(remainingNs, context.limits().callTimeoutNs()));
    Fence fence = new Fence(writeClockTime(), context.spaces().self());
    if (phase == Phase.ASK) {
      Question about = question();
      Fetch message = new Fetch(about.rawKey(), about.clockTime(), about.checksum(), fence);
      context.replicas().fetch(call.replica(), message, timeoutNs, call);
    } else {
      sent = true;
      context.replicas().replicate(call.replica(), message(call, fence), timeoutNs, call);
    }
  }

  private ExtReplicate message(ReplicaCall call, Fence fence) {
    Payload record = payload();
    int flags = call.membership() == ReplicaCall.Role.READ_SPACE ? ReplicateSet.BY_READ_SPACE : 0;
    return new ExtReplicate(
        record.clockTime(),
        flags,
        record.rawKey(),
        record.rawValue(),
        fence,
        record.id(),
        record.history());
  }

  /** Calls it once more after a pause that grows with its failures. */
  Cancellable callLater(ReplicaCall call, int failures) {
    return schedule(ReplicaBackoff.delayNs(failures, call.replica().hashCode()), () -> call(call));
  }

  /** How often one replica is called again. */
  int retryLimit() {
    if (phase == Phase.ASK) {
      return Integer.MAX_VALUE;
    }
    WriteLimits limits = context.limits();
    return payload().isTombstone() ? limits.deleteRetries() : limits.setRetries();
  }

  long writeClockTime() {
    return context.spaces().current().write().clockTime();
  }

  private Cancellable schedule(long delayNs, Runnable action) {
    return context.transport().schedule(delayNs, action);
  }

  private Payload payload() {
    return Objects.requireNonNull(payload, "nothing to propagate");
  }

  private Question question() {
    return Objects.requireNonNull(question, "nothing to ask");
  }

  private Asker asker() {
    return Objects.requireNonNull(asker, "nobody asks");
  }
}
