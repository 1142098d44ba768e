package io.kumo.server.write;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Item;
import io.kumo.core.protocol.DiskFull;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.TooFewCopies;
import io.kumo.core.protocol.original.Delete;
import io.kumo.core.protocol.original.DeleteResult;
import io.kumo.core.protocol.original.Set;
import io.kumo.core.protocol.original.SetResult;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.change.Change;
import io.kumo.server.write.change.Decision;
import io.kumo.server.write.change.MutateChange;
import io.kumo.server.write.change.OriginalChange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Turns the writes of gateways into requests to the coordinator, and its decisions into answers.
 * Main loop only.
 */
public final class ClientWrites {
  private final ViewHolder spaces;
  private final Coordinator coordinator;
  private final TimeSource time;
  private final ServerMetrics metrics;

  public ClientWrites(
      ViewHolder spaces, Coordinator coordinator, TimeSource time, ServerMetrics metrics) {
    this.spaces = spaces;
    this.coordinator = coordinator;
    this.time = time;
    this.metrics = metrics;
  }

  /** Borrows the message's buffers. */
  public void set(Set message, Replier replier) throws RpcException {
    ByteBuf value = copy(message.value());
    Change change =
        switch (message.operation()) {
          case Set.PLAIN, Set.ASYNC -> OriginalChange.set(value);
          case Set.COMPARE_AND_SWAP -> OriginalChange.compareAndSwap(value);
          default ->
              throw new RpcException(
                  ErrorCode.PROTOCOL, "set operation " + message.operation() + " is not supported");
        };
    boolean early = message.operation() == Set.ASYNC;
    submit(message.key(), value.readableBytes(), change, early, new SetReply(replier));
  }

  /** Borrows the message's buffers. */
  public void delete(Delete message, Replier replier) throws RpcException {
    boolean early = (message.flags() & Delete.ASYNC) != 0;
    submit(message.key(), 0, OriginalChange.delete(), early, new DeleteReply(replier));
  }

  /**
   * Borrows the message's value.
   *
   * @param message as it was decoded: its key is its own
   */
  public void mutate(Mutate message, Replier replier) {
    ByteBuf rawKey = message.key();
    coordinator.submit(
        new WriteRequest(
            rawKey,
            rawKey.readableBytes() + message.value().readableBytes(),
            MutateChange.of(message, time),
            message.id(),
            message.has(MutateOptions.REPEATED),
            message.has(MutateOptions.ASYNC),
            new MutateReply(message, replier)));
  }

  private void submit(ByteBuf key, int valueBytes, Change change, boolean early, WriteReply reply)
      throws RpcException {
    if (spaces.current().write().isEmpty()) {
      throw new RpcException(ErrorCode.SERVER, "server not ready");
    }
    ByteBuf rawKey = copy(key);
    coordinator.submit(
        new WriteRequest(
            rawKey,
            rawKey.readableBytes() + valueBytes,
            change,
            RequestId.NONE,
            false,
            early,
            reply));
  }

  public static ByteBuf copy(ByteBuf borrowed) {
    return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(borrowed));
  }

  private final class SetReply implements WriteReply {
    private final Replier replier;

    SetReply(Replier replier) {
      this.replier = replier;
    }

    @Override
    public boolean isWanted() {
      return replier.isWanted();
    }

    @Override
    public void decided(Decision decision, long clockTime, @Nullable ByteBuf record) {
      if (decision.value() == null) {
        new SetResult(SetResult.Status.MISMATCH, 0).write(replier.begin());
        return;
      }
      metrics.add(ServerMetric.SETS);
      new SetResult(SetResult.Status.STORED, clockTime).write(replier.begin());
    }

    @Override
    public void refused() {
      metrics.add(ServerMetric.NOT_RESPONSIBLE);
      replier.error(ErrorCode.SERVER);
    }

    @Override
    public void unknown(String reason) {
      metrics.add(ServerMetric.WRITE_UNKNOWN);
      new SetResult(SetResult.Status.FAILED, 0).write(replier.begin());
    }
  }

  private final class DeleteReply implements WriteReply {
    private final Replier replier;

    DeleteReply(Replier replier) {
      this.replier = replier;
    }

    @Override
    public boolean isWanted() {
      return replier.isWanted();
    }

    @Override
    public void decided(Decision decision, long clockTime, @Nullable ByteBuf record) {
      metrics.add(ServerMetric.DELETES);
      DeleteResult.DELETED.write(replier.begin());
    }

    @Override
    public void refused() {
      metrics.add(ServerMetric.NOT_RESPONSIBLE);
      replier.error(ErrorCode.SERVER);
    }

    @Override
    public void unknown(String reason) {
      metrics.add(ServerMetric.WRITE_UNKNOWN);
      DeleteResult.FAILED.write(replier.begin());
    }
  }

  private final class MutateReply implements WriteReply {
    private final Operation operation;
    private final boolean returnsValue;
    private final RequestId id;
    private final Replier replier;

    /** Keeps nothing of the request's buffers. */
    MutateReply(Mutate request, Replier replier) {
      this.operation = request.operation();
      this.returnsValue = request.has(MutateOptions.RETURN_VALUE);
      this.id = request.id();
      this.replier = replier;
    }

    @Override
    public boolean isWanted() {
      return replier.isWanted();
    }

    @Override
    public void decided(Decision decision, long clockTime, @Nullable ByteBuf record) {
      boolean written = decision.value() != null;
      if (written) {
        boolean deletes = operation == Operation.DELETE;
        metrics.add(deletes ? ServerMetric.DELETES : ServerMetric.SETS);
      }
      boolean hasItem = record != null && Item.hasPayload(record);
      long cas = written && hasItem ? Item.cas(record) : decision.cas();
      boolean shown = returnsValue && hasItem && (written || decision.status() == MutateStatus.OK);
      new MutateResult(
              decision.status(), clockTime, cas, shown ? record : null, decision.tokens(), null)
          .write(replier.begin());
    }

    @Override
    public void refused() {
      metrics.add(ServerMetric.NOT_RESPONSIBLE);
      MutateResult.refused(spaces.view()).write(replier.begin());
    }

    @Override
    public void interrupted(String reason) {
      if (id.isPresent()) {
        metrics.add(ServerMetric.NOT_RESPONSIBLE);
        replier.error(ErrorCode.SERVER);
      } else {
        unknown(reason);
      }
    }

    @Override
    public void unknown(String reason) {
      metrics.add(ServerMetric.WRITE_UNKNOWN);
      MutateResult failed =
          DiskFull.isTold(reason) || TooFewCopies.isTold(reason)
              ? MutateResult.failed(reason)
              : MutateResult.of(MutateStatus.FAILED);
      failed.write(replier.begin());
    }
  }
}
