package io.kumo.server.write;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtReplicate;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Cancellable;
import io.kumo.server.metrics.ServerMetric;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has one record stored by every replica: the active ones of the write hash space and, in a
 * rebalance, those of the read hash space. Main loop only.
 *
 * <p>It ends once, with one call of its listener, or silently by {@link #cancel}. Replicas that
 * fail are tried again; which ones count is decided by the hash spaces of the moment.
 */
public final class ReplicaRound {
  /** Hears how the round ended. */
  public interface Listener {
    /** Every replica has the record. */
    void stored();

    /** A replica has a newer one, of this ClockTime. */
    void overtaken(long clockTime);

    /** A replica could not be made to store it; others may have. */
    void failed(String reason);
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

  private final WriteContext context;
  private final Payload payload;
  private final long deadlineNs;
  private final Listener listener;
  private final List<ReplicaWrite> replicas = new ArrayList<>(2);
  private boolean sent;
  private boolean over;

  public ReplicaRound(WriteContext context, Payload payload, long deadlineNs, Listener listener) {
    this.context = context;
    this.payload = payload;
    this.deadlineNs = deadlineNs;
    this.listener = listener;
  }

  /** Whether a replica was called: from then on it may have the record. */
  boolean wasSent() {
    return sent;
  }

  /**
   * Starts, and later follows a change of the hash spaces: who left is dropped, who came is called.
   */
  public void update() {
    if (over) {
      return;
    }
    HashSpaces spaces = context.spaces().current();
    List<NodeAddress> written = spaces.write().activeReplicas(payload.hash());
    List<NodeAddress> read = spaces.rebalancing() ? spaces.owners(payload.hash()) : List.of();
    replicas.removeIf(replica -> hasLeft(replica, written, read));
    written.forEach(address -> join(address, false));
    read.forEach(address -> join(address, true));
    for (ReplicaWrite replica : List.copyOf(replicas)) {
      if (!over) {
        replica.send();
      }
    }
    checkStored();
  }

  public void cancel() {
    over = true;
    replicas.forEach(ReplicaWrite::drop);
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
    for (ReplicaWrite replica : replicas) {
      if (replica.replica().equals(address)) {
        return;
      }
    }
    replicas.add(new ReplicaWrite(this, address, byRead));
  }

  private void checkStored() {
    if (over) {
      return;
    }
    for (ReplicaWrite replica : replicas) {
      if (!replica.isStored()) {
        return;
      }
    }
    over = true;
    listener.stored();
  }

  // ---- what the replicas tell ----

  void stored() {
    checkStored();
  }

  void overtaken(long newer) {
    context.clock().observe(newer);
    if (!over) {
      cancel();
      context.metrics().add(ServerMetric.REPLICA_HAD_NEWER);
      listener.overtaken(newer);
    }
  }

  void fenced(NodeAddress replica, ClusterView theirs, int failures) {
    context.fenced(replica, theirs, failures);
  }

  void failed(String reason) {
    if (!over) {
      cancel();
      context.metrics().add(ServerMetric.REPLICATION_FAILED);
      listener.failed(reason);
    }
  }

  // ---- what they need ----

  long writeClockTime() {
    return context.spaces().current().write().clockTime();
  }

  int retryLimit() {
    WriteLimits limits = context.limits();
    return payload.isTombstone() ? limits.deleteRetries() : limits.setRetries();
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
            payload.clockTime(),
            byRead ? ReplicateSet.BY_READ_SPACE : 0,
            payload.rawKey(),
            payload.rawValue(),
            new Fence(writeClockTime(), context.spaces().self()),
            payload.id(),
            payload.history());
    context.replicas().replicate(replica, message, timeoutNs, reply);
  }
}
