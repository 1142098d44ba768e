package io.kumo.server.repair;

import io.kumo.core.item.Item;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.repair.DescribeRecords;
import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.replica.Checksums;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Says what this server has of keys, whoever they belong to. Main loop only. */
public final class RecordDescriber {
  private final Store store;

  public RecordDescriber(Store store) {
    this.store = store;
  }

  /** Before the endpoint listens. */
  public void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.DESCRIBE_RECORDS, DescribeRecords.class, this::describe);
  }

  private void describe(DescribeRecords message, Caller caller, Replier reply) throws RpcException {
    List<RecordReport> reports;
    try {
      reports = describe(message.keys());
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    DescribeRecords.writeResult(reply.begin(), reports);
  }

  /** What is here of these, in their order; borrows them. */
  List<RecordReport> describe(List<ByteBuf> rawKeys) {
    return rawKeys.stream().map(this::describe).toList();
  }

  private RecordReport describe(ByteBuf rawKey) {
    ByteBuf value;
    try {
      value = store.get(rawKey);
    } catch (StoreException e) {
      if (e.code() != StoreException.Code.CORRUPT) {
        throw e;
      }
      return RecordReport.DAMAGED;
    }
    if (value == null) {
      return RecordReport.NONE;
    }
    try {
      return report(value);
    } finally {
      value.release();
    }
  }

  private static RecordReport report(ByteBuf value) {
    boolean item = Item.isItem(value);
    RecordReport.Kind kind =
        Item.isTombstone(value)
            ? RecordReport.Kind.TOMBSTONE
            : item ? RecordReport.Kind.ITEM : RecordReport.Kind.ORIGINAL;
    return new RecordReport(
        kind,
        Item.clockTime(value),
        value.readableBytes(),
        Checksums.of(value),
        item ? Item.flags(value) : 0,
        item ? Item.expiry(value) : 0);
  }
}
