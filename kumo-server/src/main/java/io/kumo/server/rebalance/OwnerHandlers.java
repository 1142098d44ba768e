package io.kumo.server.rebalance;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.GetTombstoneWatermark;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What an owner of records answers to servers that hold copies which they should not, or that have
 * been away. Confined to the main loop.
 */
final class OwnerHandlers {
  private final Transport main;
  private final ViewHolder spaces;
  private final Store store;
  private final HybridClock clock;
  private final Watermarks watermarks;
  private final WriteContext.Bookkeeping books;
  private final KeyGate gate;

  OwnerHandlers(Transport main, ViewHolder spaces, HybridClock clock, Rebalancer.Records records) {
    this.main = main;
    this.spaces = spaces;
    this.clock = clock;
    this.store = records.store();
    this.watermarks = records.watermarks();
    this.books = records.books();
    this.gate = records.gate();
  }

  void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.CONFIRM_RECORDS, ConfirmRecords.class, this::confirm);
    endpoint.handle(Method.GIVE_WINDOW, GiveWindow.class, this::window);
    endpoint.handle(Method.HANDOFF, Handoff.class, this::handoff);
    endpoint.handle(
        Method.GET_TOMBSTONE_WATERMARK,
        GetTombstoneWatermark.class,
        (message, caller, reply) -> reply.unsigned(watermarks.claimedTombstoneGc()));
  }

  /** Records that are about to be removed, or may be, count for nothing. */
  private void confirm(ConfirmRecords message, Caller caller, Replier reply) throws RpcException {
    if (!spaces.lifecycle().may(Right.CONFIRM)) {
      throw new RpcException(ErrorCode.SERVER, "what is here from before may have to go");
    }
    RecordCheck.Checked listener =
        new RecordCheck.Checked() {
          @Override
          public void found(byte[] has) {
            answer(has, reply);
          }

          @Override
          public void failed(StoreException e) {
            reply.error(ErrorCode.SERVER);
          }
        };
    new RecordCheck(main, store, message.entries(), listener).run();
  }

  private void answer(byte[] has, Replier reply) {
    if (!spaces.lifecycle().may(Right.CONFIRM)) {
      reply.error(ErrorCode.SERVER);
      return;
    }
    store.whenDurable(
        store.position(),
        main,
        failure -> {
          if (failure == null) {
            MsgPack.writeRaw(reply.begin(), has);
          } else {
            reply.error(ErrorCode.SERVER);
          }
        });
  }

  /**
   * A left-over that is as old as tombstones that were dropped here counts as deleted. One that is
   * newer than what is here may be a write that was never acknowledged: its key is not served
   * before all owners have it.
   */
  private void handoff(Handoff message, Caller caller, Replier reply) throws RpcException {
    long clockTime = message.value().getLong(message.value().readerIndex());
    boolean dropped = !ClockTime.isNewer(clockTime, watermarks.tombstoneGc());
    WriteResult result;
    try {
      if (!message.owned() && dropped && store.clockTime(message.key()) == 0) {
        reply.bool(true);
        return;
      }
      doubt(message.key(), clockTime);
      result = store.update(message.key(), message.value());
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    if (result.stored()) {
      learn(RawKey.hash(message.key()), message.history());
    }
    clock.observe(result.clockTime());
    store.whenDurable(result.position(), main, failure -> reply.bool(failure == null));
  }

  /** The record here is now the one that was handed off. */
  private void learn(long hash, @Nullable RequestHistory history) {
    long nowNs = main.time().nanoTime();
    if (history != null) {
      history
          .requests()
          .forEach(r -> books.requests().remember(r.id(), hash, r.clockTime(), nowNs));
    }
    if (history != null && history.whole()) {
      books.coverage().completed(hash, nowNs);
    } else {
      books.coverage().cut(hash, nowNs);
    }
  }

  /** Of records that were copied here. What was said for other hash spaces may say too much. */
  private void window(GiveWindow message, Caller caller, Replier reply) throws RpcException {
    if (spaces.current().write().clockTime() != message.whsClockTime()
        || !spaces.lifecycle().may(Right.REPLICATE)) {
      throw new RpcException(ErrorCode.SERVER, "another hash space is installed");
    }
    long nowNs = main.time().nanoTime();
    for (GiveWindow.KeyRequest told : message.requests()) {
      AppliedRequest request = told.request();
      books.requests().remember(request.id(), told.hash(), request.clockTime(), nowNs);
    }
    GiveWindow.Coverage all = message.coverage();
    if (all != null) {
      books.coverage().told(message.streamAddress(), all, nowNs);
    }
    reply.bool(true);
  }

  private void doubt(ByteBuf key, long clockTime) {
    boolean newer = ClockTime.isNewer(clockTime, store.clockTime(key));
    if (newer && spaces.isCoordinator(RawKey.hash(key))) {
      gate.repair(key);
    }
  }
}
