package io.kumo.server.replicate;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.ExtReplicate;
import io.kumo.core.protocol.ReplicateDelete;
import io.kumo.core.protocol.ReplicateSet;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Executor;

/**
 * The replica's side of a write: who may write here, what is newer, and when the coordinator is
 * told. Main loop only.
 *
 * <p>An answer that says "stored" is given only when the record is as durable as this server's
 * fsync policy asks.
 */
public final class ReplicaHandler {
  private final HashSpaceHolder spaces;
  private final Store store;
  private final HybridClock clock;
  private final Executor loop;
  private final ServerMetrics metrics;

  /**
   * @param loop runs what it is given on the main loop
   */
  public ReplicaHandler(
      HashSpaceHolder spaces,
      Store store,
      HybridClock clock,
      Executor loop,
      ServerMetrics metrics) {
    this.spaces = spaces;
    this.store = store;
    this.clock = clock;
    this.loop = loop;
    this.metrics = metrics;
  }

  /**
   * A write of an extended coordinator; borrows the buffers of the message for the length of the
   * call.
   */
  public void replicate(ExtReplicate message, ReplicaReply reply) {
    long hash = message.key().getLong(message.key().readerIndex());
    if (!admits(message, hash)) {
      metrics.add(ServerMetric.FENCED_OFF);
      reply.refused(spaces.view());
      return;
    }
    clock.observe(message.clockTime());
    WriteResult result;
    try {
      result =
          store.update(
              message.key(),
              message.value(),
              message.id().gatewayIncarnation(),
              message.id().sequence());
    } catch (StoreException e) {
      reply.failed(e.getMessage());
      return;
    }
    if (result.stored() || holds(message, result)) {
      metrics.add(ServerMetric.REPLICATED);
      store.whenDurable(
          result.position(),
          loop,
          failure -> {
            if (failure == null) {
              reply.stored();
            } else {
              reply.failed(failure.getMessage());
            }
          });
    } else {
      metrics.add(ServerMetric.REPLICATED_OLDER);
      reply.haveNewer(result.clockTime());
    }
  }

  /**
   * A write of an original coordinator; the reply takes its answer. Borrows the message's buffers.
   */
  public void replicateSet(ReplicateSet message, Replier replier) throws RpcException {
    checkReplica(message.key(), message.flags());
    clock.observeMessageClock(message.clock());
    update(message.key(), message.value(), replier);
  }

  /**
   * A delete of an original coordinator; the reply takes its answer. Borrows the message's buffers.
   */
  public void replicateDelete(ReplicateDelete message, Replier replier) throws RpcException {
    checkReplica(message.key(), message.flags());
    clock.observeMessageClock(message.clock());
    update(message.key(), Unpooled.copyLong(message.clockTime()), replier);
  }

  private void update(ByteBuf key, ByteBuf value, Replier replier) throws RpcException {
    WriteResult result;
    try {
      result = store.update(key, value);
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, e.getMessage());
    }
    metrics.add(result.stored() ? ServerMetric.REPLICATED : ServerMetric.REPLICATED_OLDER);
    store.whenDurable(
        result.position(),
        loop,
        failure -> {
          if (failure == null) {
            replier.bool(result.stored());
          } else {
            replier.error(ErrorCode.SERVER);
          }
        });
  }

  private void checkReplica(ByteBuf key, int flags) throws RpcException {
    HashSpaces current = spaces.current();
    boolean byRead = (flags & ReplicateSet.BY_READ_SPACE) != 0;
    HashSpace space = byRead ? current.read() : current.write();
    if (space.isEmpty()) {
      throw new RpcException(ErrorCode.SERVER, "server not ready");
    }
    if (!space.activeReplicas(Reads.hash(key)).contains(spaces.self())) {
      throw new RpcException(ErrorCode.SERVER, "obsolete hash space");
    }
  }

  /** The fence: both go by the same write hash space, and in it the sender coordinates the key. */
  private boolean admits(ExtReplicate message, long hash) {
    HashSpaces current = spaces.current();
    HashSpace write = current.write();
    if (KnownBug.NO_FENCE.isPlanted()) {
      return true;
    }
    if (write.clockTime() != message.fence().whsClockTime()
        || !message.fence().sender().equals(write.coordinator(hash))) {
      return false;
    }
    NodeAddress self = spaces.self();
    return write.activeReplicas(hash).contains(self)
        || ((message.flags() & ReplicateSet.BY_READ_SPACE) != 0
            && current.read().activeReplicas(hash).contains(self));
  }

  private boolean holds(ExtReplicate message, WriteResult result) {
    if (result.clockTime() != message.clockTime()) {
      return false;
    }
    ByteBuf stored = store.get(message.key());
    if (stored == null) {
      return false;
    }
    try {
      return stored.equals(message.value());
    } finally {
      stored.release();
    }
  }
}
