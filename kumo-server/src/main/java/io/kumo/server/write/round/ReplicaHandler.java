package io.kumo.server.write.round;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.DiskFull;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.original.ReplicateDelete;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.replica.ReplicaReply;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The replica's side of a write: who may write here, what is newer, and when the coordinator is
 * told. Main loop only.
 *
 * <p>An answer that says "stored" is given only when the record is as durable as this server's
 * fsync policy asks.
 */
public final class ReplicaHandler {
  private final WriteContext context;

  public ReplicaHandler(WriteContext context) {
    this.context = context;
  }

  /**
   * A write of an extended coordinator; borrows the message's buffers for the length of the call.
   */
  public void replicate(ExtReplicate message, ReplicaAnswer reply) {
    long hash = RawKey.hash(message.key());
    if (!admits(message, hash)) {
      context.metrics().add(ServerMetric.FENCED_OFF);
      reply.refused(context.spaces().view());
      return;
    }
    context.clock().observe(message.clockTime());
    WriteResult result;
    try {
      result = store(message);
    } catch (StoreException e) {
      refuse(e, reply);
      return;
    }
    if (!result.stored() && !holds(message, result)) {
      context.metrics().add(ServerMetric.REPLICATED_OLDER);
      reply.haveNewer(result.clockTime());
      return;
    }
    context.metrics().add(ServerMetric.REPLICATED);
    context.requests().remember(message.id(), hash, message.clockTime(), context.nowNs());
    learn(message.history(), hash, result.stored());
    context.store().whenDurable(result.position(), context.transport(), reply);
  }

  /** The coordinator tries again soon when the store is busy, and gives up when it is full. */
  private void refuse(StoreException e, ReplicaReply reply) {
    count(e);
    if (e.code() == StoreException.Code.DISK_FULL) {
      reply.full(DiskFull.on(context.spaces().self()));
    } else {
      reply.failed(String.valueOf(e.getMessage()));
    }
  }

  private void count(StoreException e) {
    if (e.code() == StoreException.Code.DISK_FULL) {
      context.metrics().add(ServerMetric.DISK_FULL_REFUSALS);
    } else if (e.code() == StoreException.Code.BUSY) {
      context.metrics().add(ServerMetric.STORE_BUSY);
    }
  }

  private void learn(@Nullable RequestHistory history, long hash, boolean stored) {
    if (history == null) {
      return;
    }
    context.remember(hash, history);
    if (stored && !history.whole()) {
      context.books().coverage().cut(hash, context.nowNs());
    }
  }

  private WriteResult store(ExtReplicate message) {
    return context
        .store()
        .update(
            message.key(),
            message.value(),
            message.id().gatewayIncarnation(),
            message.id().sequence());
  }

  private boolean admits(ExtReplicate message, long hash) {
    boolean byRead = (message.flags() & ReplicateSet.BY_READ_SPACE) != 0;
    return context.rules().admits(context.spaces(), message.fence(), hash, byRead);
  }

  private boolean holds(ExtReplicate message, WriteResult result) {
    if (result.clockTime() != message.clockTime()) {
      return false;
    }
    ByteBuf stored = context.store().get(message.key());
    if (stored == null) {
      return false;
    }
    try {
      return stored.equals(message.value());
    } finally {
      stored.release();
    }
  }

  /**
   * A write of an original coordinator. Borrows the message's buffers for the length of the call.
   */
  public void replicateSet(ReplicateSet message, Replier replier) throws RpcException {
    checkReplica(message.key(), message.flags());
    context.clock().observeMessageClock(message.clock());
    update(message.key(), message.value(), replier);
  }

  /** A delete of an original coordinator. Borrows the message's key for the length of the call. */
  public void replicateDelete(ReplicateDelete message, Replier replier) throws RpcException {
    checkReplica(message.key(), message.flags());
    context.clock().observeMessageClock(message.clock());
    update(message.key(), Unpooled.copyLong(message.clockTime()), replier);
  }

  private void update(ByteBuf key, ByteBuf value, Replier replier) throws RpcException {
    WriteResult result;
    try {
      result = context.store().update(key, value);
    } catch (StoreException e) {
      count(e);
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    boolean stored = result.stored();
    context.metrics().add(stored ? ServerMetric.REPLICATED : ServerMetric.REPLICATED_OLDER);
    context
        .store()
        .whenDurable(
            result.position(),
            context.transport(),
            failure -> {
              if (failure == null) {
                replier.bool(stored);
              } else {
                replier.error(ErrorCode.SERVER);
              }
            });
  }

  private void checkReplica(ByteBuf key, int flags) throws RpcException {
    HashSpaces current = context.spaces().current();
    boolean byRead = (flags & ReplicateSet.BY_READ_SPACE) != 0;
    HashSpace space = byRead ? current.read() : current.write();
    if (space.isEmpty()) {
      throw new RpcException(ErrorCode.SERVER, "server not ready");
    }
    if (!space.activeReplicas(RawKey.hash(key)).contains(context.spaces().self())) {
      throw new RpcException(ErrorCode.SERVER, "obsolete hash space");
    }
  }
}
