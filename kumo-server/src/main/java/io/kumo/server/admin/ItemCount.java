package io.kumo.server.admin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.kumo.core.item.RawKey;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.netty.buffer.ByteBuf;

/** One count of the items that a server coordinates. Used by one thread at a time. */
final class ItemCount {
  private static final int PORTION = 2000;

  /** ClockTime, meta, flags, expiry and CAS. */
  private static final int HEADER_BYTES = 26;

  private final HashSpace write;
  private final NodeAddress self;
  private final long flushClockTime;
  private final long nowSeconds;
  private Cursor cursor = Cursor.all();
  private long items;
  private long bytes;
  private boolean complete;

  ItemCount(HashSpace write, NodeAddress self, long flushClockTime, long nowSeconds) {
    this.write = write;
    this.self = self;
    this.flushClockTime = flushClockTime;
    this.nowSeconds = nowSeconds;
  }

  /** Looks at the next records; returns what is left. */
  Cursor countSome(Store store) {
    cursor = store.scan(cursor, ScanLimits.headers(PORTION, HEADER_BYTES), this::visit);
    complete = cursor.isDone();
    return cursor;
  }

  private boolean visit(ByteBuf rawKey, ByteBuf head, int valueBytes) {
    boolean live =
        valueBytes >= Item.PAYLOAD_OFFSET
            && ClockTime.compare(Item.clockTime(head), flushClockTime) > 0
            && !Item.isExpired(head, nowSeconds);
    if (live && self.equals(write.coordinator(RawKey.hash(rawKey)))) {
      items++;
      bytes += rawKey.readableBytes() + valueBytes;
    }
    return true;
  }

  /** What was counted does not count. */
  void giveUp() {
    complete = false;
  }

  boolean isComplete() {
    return complete;
  }

  long items() {
    return items;
  }

  long bytes() {
    return bytes;
  }
}
