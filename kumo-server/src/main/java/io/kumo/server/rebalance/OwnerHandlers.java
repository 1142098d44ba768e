package io.kumo.server.rebalance;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ConfirmRecords;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.GetDropMark;
import io.kumo.core.protocol.HandOver;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.MsgPack;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.core.rpc.Transport;
import io.kumo.server.control.Marks;
import io.kumo.server.replicate.MemoryReach;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.WriteResult;

/**
 * What an owner of records answers to servers that hold copies which they should not, or that have
 * been away. Confined to the main loop.
 */
final class OwnerHandlers {
  private final Transport main;
  private final Store store;
  private final HybridClock clock;
  private final Marks marks;
  private final MemoryReach reach;

  OwnerHandlers(Transport main, Store store, HybridClock clock, Marks marks, MemoryReach reach) {
    this.reach = reach;
    this.main = main;
    this.store = store;
    this.clock = clock;
    this.marks = marks;
  }

  void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.CONFIRM_RECORDS, ConfirmRecords.class, this::confirm);
    endpoint.handle(Method.HAND_OVER, HandOver.class, this::takeOver);
    endpoint.handle(
        Method.GET_DROP_MARK,
        GetDropMark.class,
        (message, caller, reply) -> reply.unsigned(marks.dropped()));
  }

  private void confirm(ConfirmRecords message, Caller caller, Replier reply) throws RpcException {
    byte[] has = new byte[message.entries().size()];
    try {
      for (int i = 0; i < has.length; i++) {
        ConfirmRecords.Entry entry = message.entries().get(i);
        long own = store.clockTime(entry.key());
        boolean confirmed = own != 0 && ClockTime.compare(own, entry.clockTime()) >= 0;
        has[i] = (byte) (confirmed ? 1 : 0);
      }
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    store.whenDurable(
        store.position(),
        main::execute,
        failure -> {
          if (failure == null) {
            MsgPack.writeRaw(reply.begin(), has);
          } else {
            reply.error(ErrorCode.SERVER);
          }
        });
  }

  /** A left-over that is as old as tombstones that were dropped here counts as deleted. */
  private void takeOver(HandOver message, Caller caller, Replier reply) throws RpcException {
    long clockTime = message.value().getLong(message.value().readerIndex());
    boolean dropped = !ClockTime.isNewer(clockTime, marks.dropped());
    WriteResult result;
    try {
      if (!message.owned() && dropped && store.clockTime(message.key()) == 0) {
        reply.bool(true);
        return;
      }
      result = store.update(message.key(), message.value());
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    if (result.stored()) {
      reach.cut(RawKey.hash(message.key()), main.time().nanoTime());
    }
    clock.observe(result.clockTime());
    store.whenDurable(result.position(), main::execute, failure -> reply.bool(failure == null));
  }
}
