package io.kumo.server.read;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.item.Item;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.server.store.ReadAhead;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The records that a reader may see: no tombstones, nothing that has expired or that a flush_all
 * hides. Main loop only.
 *
 * <p>A write that is not acknowledged by all replicas is not in its coordinator's store yet, so
 * what is found there is what may be shown.
 */
public final class LiveRecords {
  /** ClockTime and meta; what is shorter is no record that a reader may see. */
  private static final int MIN_RECORD_BYTES = 10;

  private final ViewHolder spaces;
  private final Store store;
  private final TimeSource time;

  public LiveRecords(ViewHolder spaces, Store store, TimeSource time) {
    this.spaces = spaces;
    this.store = store;
    this.time = time;
  }

  /**
   * Borrows the key and returns the raw value, which the caller releases; null when there is no
   * live record.
   *
   * @throws StoreException when the store cannot tell
   */
  @Nullable ByteBuf get(ByteBuf rawKey) {
    ByteBuf value = store.get(rawKey);
    if (value == null) {
      return null;
    }
    boolean live = false;
    try {
      live =
          value.readableBytes() >= MIN_RECORD_BYTES
              && !isUpTo(value, spaces.flushClockTime())
              && !hasExpired(Item.expiry(value));
    } finally {
      if (!live) {
        value.release();
      }
    }
    return live ? value : null;
  }

  /**
   * Appends the live record of a key as a MessagePack raw, or nothing when there is none. Borrows
   * both.
   *
   * @return whether there is one
   * @throws StoreException when the store cannot tell; nothing is appended then
   */
  public boolean append(ByteBuf rawKey, ByteBuf out) {
    int at = out.writerIndex();
    out.writeZero(MsgPack.LONG_RAW_HEADER_BYTES);
    boolean found = false;
    try {
      int length = store.read(rawKey, out);
      int start = at + MsgPack.LONG_RAW_HEADER_BYTES;
      found =
          length >= MIN_RECORD_BYTES
              && ClockTime.compare(out.getLong(start), spaces.flushClockTime()) > 0
              && !hasExpired(Item.expiry(out, start, length));
      MsgPack.setLongRawHeader(out, at, Math.max(0, length));
    } finally {
      if (!found) {
        out.writerIndex(at);
      }
    }
    return found;
  }

  /** By this server's clock, which most items never ask for. */
  private boolean hasExpired(long expirySeconds) {
    return expirySeconds != 0
        && expirySeconds <= TimeUnit.MILLISECONDS.toSeconds(time.unixMillis());
  }

  /** See {@link Store#readAhead}. */
  public ReadAhead readAhead() {
    return store.readAhead();
  }

  /**
   * Whether the record is the one that a reader has a copy of. Borrows the key.
   *
   * @param copyClockTime of the copy; 0 for none
   * @throws StoreException when the store cannot tell
   */
  public boolean isUnchanged(ByteBuf rawKey, long copyClockTime) {
    return copyClockTime != 0
        && store.clockTime(rawKey) == copyClockTime
        && ClockTime.compare(copyClockTime, spaces.flushClockTime()) > 0;
  }

  static boolean isUpTo(ByteBuf value, long clockTime) {
    return ClockTime.compare(value.getLong(value.readerIndex()), clockTime) <= 0;
  }
}
