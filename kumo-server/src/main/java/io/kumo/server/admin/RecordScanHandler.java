package io.kumo.server.admin;

import io.kumo.core.item.Item;
import io.kumo.core.item.ItemLayout;
import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.desk.ItemPage;
import io.kumo.core.protocol.desk.RecordPage;
import io.kumo.core.protocol.desk.ScanItems;
import io.kumo.core.protocol.desk.ScanRecords;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the records that this server coordinates and that clients see, a page at a time. Main loop
 * only; a page costs a millisecond or two.
 */
public final class RecordScanHandler {
  /** After which a page ends; one value may be larger. */
  private static final long PAGE_BYTES = 1 << 20;

  /** ClockTime, meta, flags, expiry and CAS. */
  private static final int HEADER_BYTES = 26;

  private final RpcEndpoint endpoint;
  private final ViewHolder spaces;
  private final Store store;

  public RecordScanHandler(RpcEndpoint endpoint, ViewHolder spaces, Store store) {
    this.endpoint = endpoint;
    this.spaces = spaces;
    this.store = store;
  }

  /** Before the endpoint listens. */
  public void register() {
    endpoint.handle(Method.SCAN_RECORDS, ScanRecords.class, this::scan);
    endpoint.handle(Method.SCAN_ITEMS, ScanItems.class, this::scanItems);
  }

  private void scan(ScanRecords message, Caller caller, Replier reply) throws RpcException {
    ByteBuf after = message.after();
    Cursor from = after == null ? Cursor.all() : Cursor.all().after(ByteBufUtil.getBytes(after));
    List<RecordPage.Entry> found = new ArrayList<>();
    ScanLimits limits =
        message.values()
            ? ScanLimits.records(RecordPage.MAX_RECORDS, PAGE_BYTES)
            : ScanLimits.headers(RecordPage.MAX_RECORDS, HEADER_BYTES);
    long nowSeconds = endpoint.transport().time().unixMillis() / 1000;
    Cursor rest;
    try {
      rest =
          store.scan(
              from,
              limits,
              (rawKey, rawValue, valueLength) -> {
                if (isWanted(rawKey, rawValue, message.prefix(), nowSeconds)) {
                  ByteBuf value = message.values() ? Unpooled.copiedBuffer(rawValue) : null;
                  found.add(new RecordPage.Entry(Unpooled.copiedBuffer(rawKey), value));
                }
                return true;
              });
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    ByteBuf last = rest.isDone() ? null : Unpooled.wrappedBuffer(rest.key());
    long clockTime = spaces.current().write().clockTime();
    new RecordPage(clockTime, last, found).write(reply.begin());
  }

  private void scanItems(ScanItems message, Caller caller, Replier reply) throws RpcException {
    ByteBuf after = message.after();
    Cursor from = after == null ? Cursor.all() : Cursor.all().after(ByteBufUtil.getBytes(after));
    List<ItemPage.Entry> found = new ArrayList<>();
    long nowSeconds = endpoint.transport().time().unixMillis() / 1000;
    Cursor rest;
    try {
      rest =
          store.scan(
              from,
              ScanLimits.headers(ItemPage.MAX_ITEMS, HEADER_BYTES),
              (rawKey, head, valueLength) -> {
                if (isWanted(rawKey, head, message.prefix(), nowSeconds)) {
                  found.add(item(rawKey, head, valueLength));
                }
                return true;
              });
    } catch (StoreException e) {
      throw new RpcException(ErrorCode.SERVER, String.valueOf(e.getMessage()));
    }
    ByteBuf last = rest.isDone() ? null : Unpooled.wrappedBuffer(rest.key());
    long clockTime = spaces.current().write().clockTime();
    new ItemPage(clockTime, last, found).write(reply.begin());
  }

  private static ItemPage.Entry item(ByteBuf rawKey, ByteBuf head, int valueLength) {
    return new ItemPage.Entry(
        Unpooled.copiedBuffer(rawKey),
        Item.isKeyBase64(head),
        Item.clockTime(head),
        Item.cas(head),
        Item.expiry(head),
        (long) rawKey.readableBytes() + valueLength);
  }

  private boolean isWanted(ByteBuf rawKey, ByteBuf rawValue, ByteBuf prefix, long nowSeconds) {
    int keyBytes = rawKey.readableBytes() - RawKey.HASH_BYTES;
    int at = rawKey.readerIndex() + RawKey.HASH_BYTES;
    return spaces.self().equals(spaces.current().write().coordinator(RawKey.hash(rawKey)))
        && keyBytes >= prefix.readableBytes()
        && ByteBufUtil.equals(rawKey, at, prefix, prefix.readerIndex(), prefix.readableBytes())
        && Item.isLive(rawValue, ItemLayout.KUMO, nowSeconds, spaces.flushClockTime());
  }
}
