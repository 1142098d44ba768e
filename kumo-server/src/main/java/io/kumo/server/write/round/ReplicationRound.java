package io.kumo.server.write.round;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.metrics.ServerHistogram;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.replica.ReplicaBackoff;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to have one record of one key on every replica: the active ones of the write hash
 * space and, in a rebalance, those of the read hash space. A write knows the record and begins with
 * {@link RoundPhase#PROPAGATE}; failover recovery has to find it and begins with {@link
 * RoundPhase#ASK}. A record that is stamped anew, or asked for anew, takes a round of its own.
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
  private static final long STORE_BUSY_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final WriteContext context;
  private final long deadlineNs;
  private final RoundListener listener;
  private final RoundReplicas replicas;
  private RoundPhase phase = RoundPhase.ASK;
  private RoundListener.@Nullable Asker asker;
  private @Nullable RoundQuestion question;
  private @Nullable RoundPayload payload;

  /** What all replicas of the write hash space are sent; null until the first is. */
  private @Nullable ExtReplicate shared;

  private @Nullable Cancellable storeBusy;
  private boolean sent;
  private long propagatedNs;

  /** One that {@link #ask} or {@link #propagate} starts. */
  public ReplicationRound(WriteContext context, long deadlineNs, RoundListener listener) {
    this.context = context;
    this.deadlineNs = deadlineNs;
    this.listener = listener;
    this.replicas = new RoundReplicas(this, context.spaces());
  }

  /**
   * Asks what the replicas have. What it asks stands as long as the hash spaces do: when they
   * change it is to be cancelled.
   *
   * @param former asked beside the replicas of now
   */
  public void ask(RoundQuestion about, Set<NodeAddress> former, RoundListener.Asker told) {
    question = about;
    asker = told;
    replicas.update(about.hash());
    replicas.joinFormer(former);
    replicas.callAll();
    checkAnswers();
  }

  /** Has {@code record} on every replica, and then here. */
  public void propagate(RoundPayload record) {
    payload = record;
    shared = null;
    propagatedNs = context.nowNs();
    propagate();
  }

  private void propagate() {
    replicas.clear();
    phase = RoundPhase.PROPAGATE;
    update();
  }

  /**
   * The hash spaces changed: who left is dropped, who came is called. While the store here is busy
   * all are called again.
   */
  public void update() {
    switch (phase) {
      case ASK -> throw new IllegalStateException("the replicas have to be asked anew");
      case PROPAGATE -> {
        replicas.update(payload().hash());
        replicas.callAll();
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
    phase = RoundPhase.OVER;
    cancelStoring();
    replicas.drop();
  }

  boolean isOver() {
    return phase == RoundPhase.OVER;
  }

  /** Whether a replica was sent the record: from then on it may have it. */
  public boolean wasSent() {
    return sent;
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
    if (!replicas.haveAnswered()) {
      return;
    }
    switch (phase) {
      case ASK -> asker().allAnswered();
      case PROPAGATE -> {
        phase = RoundPhase.COMMIT;
        commit();
      }
      case COMMIT, OVER -> {}
    }
  }

  void overtaken(long newer) {
    context.clock().observe(newer);
    if (phase == RoundPhase.PROPAGATE) {
      cancel();
      context.metrics().add(ServerMetric.REPLICA_HAD_NEWER);
      listener.overtaken(newer);
    }
  }

  void fenced(NodeAddress replica, PublishedSpaces theirs, int failures) {
    context.fenced(replica, theirs, failures);
  }

  void failed(String reason) {
    if (phase != RoundPhase.OVER) {
      cancel();
      context.metrics().add(ServerMetric.REPLICATION_FAILED);
      listener.failed(reason);
    }
  }

  // ---- to the store of this server ----

  private void commit() {
    storeBusy = null;
    RoundPayload record = payload();
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
    phase = RoundPhase.OVER;
    long tookNs = context.nowNs() - propagatedNs;
    context.metrics().sizes(ServerHistogram.REPLICATION_SECONDS).add(tookNs / 1000);
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
    if (phase == RoundPhase.ASK) {
      RoundQuestion about = question();
      Fetch message = new Fetch(about.rawKey(), about.clockTime(), about.checksum(), fence());
      context.replicas().fetch(call.replica(), message, timeoutNs, call);
    } else {
      sent = true;
      context.replicas().replicate(call.replica(), message(call), timeoutNs, call);
    }
  }

  private Fence fence() {
    return Fence.of(writeClockTime(), context.spaces().self());
  }

  private ExtReplicate message(ReplicaCall call) {
    if (call.claim() == ReplicaCall.Claim.READ_SPACE) {
      return message(ReplicateSet.BY_READ_SPACE);
    }
    ExtReplicate message = shared;
    if (message == null || message.fence().whsClockTime() != writeClockTime()) {
      message = message(0);
      shared = message;
    }
    return message;
  }

  private ExtReplicate message(int flags) {
    RoundPayload record = payload();
    return new ExtReplicate(
        record.clockTime(),
        flags,
        record.rawKey(),
        record.rawValue(),
        fence(),
        record.id(),
        record.history());
  }

  /** Calls it once more after a pause that grows with its failures. */
  Cancellable callLater(ReplicaCall call, int failures) {
    return schedule(ReplicaBackoff.delayNs(failures, call.replica().hashCode()), () -> call(call));
  }

  /** How often one replica is called again. */
  int retryLimit() {
    if (phase == RoundPhase.ASK) {
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

  private RoundPayload payload() {
    return Objects.requireNonNull(payload, "nothing to propagate");
  }

  private RoundQuestion question() {
    return Objects.requireNonNull(question, "nothing to ask");
  }

  private RoundListener.Asker asker() {
    return Objects.requireNonNull(asker, "nobody asks");
  }
}
