package io.kumo.testkit.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kumo.core.ring.KeyHash;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.TreeMap;

/** Keys and records as stores have them; all buffers are on the heap. */
public final class StoredRecords {
  private static final int PAGE = 1000;

  private StoredRecords() {}

  /** The key with its hash in front. */
  public static ByteBuf rawKey(String key) {
    byte[] user = key.getBytes(UTF_8);
    return Unpooled.buffer().writeLong(KeyHash.of(user)).writeBytes(user);
  }

  public static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  /** Everything in a store, tombstones included: raw keys and records in hex. */
  public static Map<String, String> in(Store store) {
    Map<String, String> records = new TreeMap<>();
    Cursor cursor = Cursor.all();
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              ScanLimits.records(PAGE, Long.MAX_VALUE),
              (key, value, length) -> {
                records.put(ByteBufUtil.hexDump(key), ByteBufUtil.hexDump(value));
                return true;
              });
    }
    return records;
  }
}
