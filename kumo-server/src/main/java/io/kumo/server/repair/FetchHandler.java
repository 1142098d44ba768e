package io.kumo.server.repair;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.extended.Fetch;
import io.kumo.core.protocol.extended.FetchResult;
import io.kumo.core.protocol.extended.ListRecords;
import io.kumo.core.protocol.extended.RecordList;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.replica.Checksums;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Tells a coordinator that recovers a key what this server has of a key. Main loop only.
 *
 * <p>The fence matters as much as the answer: whoever answers has installed the coordinator's write
 * hash space, and from then on refuses writes of the coordinator before it.
 */
public final class FetchHandler {
  private final WriteContext context;
  private final ViewHolder spaces;
  private final Store store;

  public FetchHandler(WriteContext context) {
    this.context = context;
    this.spaces = context.spaces();
    this.store = context.store();
  }

  /** Borrows the message's buffers. */
  public void fetch(Fetch message, Replier replier) throws RpcException {
    long hash = RawKey.hash(message.key());
    if (!spaces.admits(message.fence(), Right.SHOW, hash)) {
      context.metrics().add(ServerMetric.FENCED_OFF);
      FetchResult.refused(spaces.view()).write(replier.begin());
      return;
    }
    ByteBuf value;
    try {
      value = store.get(message.key());
    } catch (StoreException e) {
      if (e.code() != StoreException.Code.CORRUPT) {
        throw new RpcException(ErrorCode.SERVER, e.getMessage());
      }
      value = null; // What is damaged here counts as missing, so that it is written anew.
    }
    try {
      answer(message, value, context.history(hash)).write(replier.begin());
    } finally {
      if (value != null) {
        value.release();
      }
    }
  }

  private static FetchResult answer(
      Fetch message, @Nullable ByteBuf value, RequestHistory history) {
    if (value == null) {
      return FetchResult.nothingNewer(0, history);
    }
    long clockTime = value.getLong(value.readerIndex());
    int order = Long.compareUnsigned(clockTime, message.clockTime());
    boolean same = order == 0 && Checksums.of(value) == message.checksum();
    return order < 0 || same
        ? FetchResult.nothingNewer(clockTime, history)
        : FetchResult.value(clockTime, value, history);
  }

  /**
   * Lists what this server has of the sender's keys, a page of it. Nothing is given by that, so a
   * process that no view names yet answers, too: others that have been restarted ask.
   */
  public void list(ListRecords message, Replier replier) throws RpcException {
    HashSpace write = spaces.current().write();
    if (!spaces.lifecycle().may(Right.REPLICATE)
        || write.clockTime() != message.fence().whsClockTime()) {
      context.metrics().add(ServerMetric.FENCED_OFF);
      RecordList.refused(spaces.view()).write(replier.begin());
      return;
    }
    if (Long.compareUnsigned(message.fromHash(), message.toHash()) > 0) {
      throw new RpcException(ErrorCode.SERVER, "a list that ends before it begins");
    }
    HashRange range = new HashRange(message.fromHash(), message.toHash());
    RecordList page;
    try {
      page = RecordLister.of(context).page(write, message.fence().sender(), range);
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    page.write(replier.begin());
  }
}
