package io.kumo.server.read;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.original.Get;
import io.kumo.core.protocol.original.GetIfModified;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads by the read hash space, as gateways of kumofs 0.4.13 send them. Main loop only. */
public final class OriginalReads {
  private final ReadAdmission admission;
  private final LiveRecords records;
  private final ServerMetrics metrics;

  public OriginalReads(ReadAdmission admission, LiveRecords records, ServerMetrics metrics) {
    this.admission = admission;
    this.records = records;
    this.metrics = metrics;
  }

  /** Borrows the message's key for the length of the call. */
  public void get(Get message, Replier replier) throws RpcException {
    admit(message.key());
    answer(find(message.key()), replier);
  }

  /** Borrows the message's key for the length of the call. */
  public void getIfModified(GetIfModified message, Replier replier) throws RpcException {
    admit(message.key());
    ByteBuf value = find(message.key());
    if (value != null && LiveRecords.isUpTo(value, message.clockTime())) {
      value.release();
      replier.bool(true);
    } else {
      answer(value, replier);
    }
  }

  private void admit(ByteBuf rawKey) throws RpcException {
    switch (admission.byReadSpace(RawKey.hash(rawKey))) {
      case ANSWER -> {}
      case NOT_READY -> throw new RpcException(ErrorCode.SERVER, "server not ready");
      case NOT_RESPONSIBLE, AFTER_WRITE, AFTER_RECOVERY -> {
        metrics.add(ServerMetric.NOT_RESPONSIBLE);
        throw new RpcException(ErrorCode.SERVER, "obsolete hash space");
      }
    }
  }

  /** Takes the value. */
  private void answer(@Nullable ByteBuf value, Replier replier) {
    metrics.add(ServerMetric.GETS);
    if (value == null) {
      replier.nil();
      return;
    }
    try {
      replier.raw(value);
    } finally {
      value.release();
    }
  }

  private @Nullable ByteBuf find(ByteBuf rawKey) throws RpcException {
    try {
      return records.get(rawKey);
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, e.getMessage());
    }
  }
}
