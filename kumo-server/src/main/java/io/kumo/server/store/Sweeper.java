package io.kumo.server.store;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.item.Item;
import io.netty.buffer.ByteBuf;
import java.util.function.LongSupplier;

/**
 * Takes out, a portion at a time, tombstones and expired items that nobody needs any more: those
 * whose ClockTime is at or below the tombstone GC watermark, and which had expired by the time of
 * the watermark. An expired item is kept as long as a tombstone, because like one it hides older
 * values elsewhere.
 *
 * <p>The owner raises the tombstone GC watermark (usually to now less {@code -gX}) only when it has
 * made it durable and no replica can still lack it. Not thread-safe; {@link #step} is short and may
 * run on an event loop.
 */
public final class Sweeper {
  /** What {@link #isDroppable} looks at: ClockTime, meta, flags, expiry and CAS. */
  public static final int ITEM_HEADER_BYTES = 26;

  private final Store store;
  private final LongSupplier tombstoneWatermark;
  private final int recordsPerStep;
  private Cursor cursor = Cursor.all();
  private long dropped;
  private long expired;
  private long rounds;

  /**
   * A sweeper that begins at the lowest hash.
   *
   * @param tombstoneWatermark ClockTime up to which records may be dropped, 0 for none; asked in
   *     every step
   * @param recordsPerStep to look at in a step, which bounds the rate
   */
  public Sweeper(Store store, LongSupplier tombstoneWatermark, int recordsPerStep) {
    this.store = store;
    this.tombstoneWatermark = tombstoneWatermark;
    this.recordsPerStep = recordsPerStep;
  }

  /**
   * Whether nobody needs this record any more.
   *
   * @param rawValue the first {@link #ITEM_HEADER_BYTES} at least, or all of it; borrowed
   * @param valueLength of the whole raw value
   */
  public static boolean isDroppable(ByteBuf rawValue, int valueLength, long watermark) {
    return !ClockTime.isNewer(RawRecords.head(rawValue), watermark)
        && (valueLength == Store.TOMBSTONE_BYTES
            || Item.isExpired(rawValue, ClockTime.seconds(watermark)));
  }

  /** Looks at the next portion of records. */
  public void step() {
    long watermark = tombstoneWatermark.getAsLong();
    if (watermark == 0) {
      return;
    }
    ScanLimits limits = ScanLimits.headers(recordsPerStep, ITEM_HEADER_BYTES);
    cursor =
        store.scan(
            cursor,
            limits,
            (rawKey, rawValue, length) -> {
              if (isDroppable(rawValue, length, watermark)
                  && store.removeIf(rawKey, RawRecords.head(rawValue))) {
                dropped++;
                expired += length == Store.TOMBSTONE_BYTES ? 0 : 1;
              }
              return true;
            });
    if (cursor.isDone()) {
      cursor = Cursor.all();
      rounds++;
    }
  }

  /** Records dropped so far. */
  public long dropped() {
    return dropped;
  }

  /** Of these, items that had expired. */
  public long expired() {
    return expired;
  }

  /** Times that all records have been looked at. */
  public long rounds() {
    return rounds;
  }
}
