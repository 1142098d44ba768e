package io.kumo.core.item;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The layout of a raw value, as on the wire and on disk. All numbers are big endian.
 *
 * <pre>
 * ClockTime 8                                                    a tombstone
 * ClockTime 8, meta 2 (bit 0 clear), payload                     a record of kumofs 0.4.13
 * ClockTime 8, meta 2 (bit 0 set), flags 4, expiry 4, [CAS 8,] data      a kumo item
 * </pre>
 *
 * <p>Expiry is in unix seconds, 0 for never. All methods borrow the value and leave its indices;
 * they accept any bytes, and take an item too short for its meta for a record of kumofs 0.4.13.
 */
public final class Item {
  /** Length of a tombstone. */
  public static final int TOMBSTONE_BYTES = 8;

  /** Offset of the payload. */
  public static final int PAYLOAD_OFFSET = 10;

  /** Meta bit: a kumo item. */
  public static final int ITEM = 1;

  /** Meta bit: a newer version is known to exist elsewhere. */
  public static final int STALE = 1 << 1;

  /** Meta bit: a client was given the right to recache. */
  public static final int WIN_GIVEN = 1 << 2;

  /** Meta bit: a CAS other than the ClockTime follows the expiry. */
  public static final int OWN_CAS = 1 << 3;

  /** Meta bit: a client gave the key in base64 when it stored the item, and sees it so. */
  public static final int KEY_BASE64 = 1 << 4;

  /** Meta bit: the CAS is the version of a record that was imported, see {@link #version}. */
  public static final int IMPORTED = 1 << 5;

  static final int META_OFFSET = 8;
  static final int FLAGS_BYTES = 4;
  static final int ORIGINAL_FLAGS_BYTES = 2;
  static final int EXPIRY_BYTES = 4;
  static final int CAS_BYTES = 8;
  private static final int EXPIRY_OFFSET = PAYLOAD_OFFSET + FLAGS_BYTES;
  private static final int CAS_OFFSET = EXPIRY_OFFSET + EXPIRY_BYTES;

  private Item() {}

  /** 0 if the value is too short to have one. */
  public static long clockTime(ByteBuf value) {
    return value.readableBytes() < TOMBSTONE_BYTES ? 0 : value.getLong(value.readerIndex());
  }

  public static boolean isTombstone(ByteBuf value) {
    return value.readableBytes() == TOMBSTONE_BYTES;
  }

  /** Whether it is a kumo item, not a tombstone or a record of kumofs 0.4.13. */
  public static boolean isItem(ByteBuf value) {
    int meta = meta(value);
    int headBytes = (meta & OWN_CAS) != 0 ? CAS_OFFSET + CAS_BYTES : CAS_OFFSET;
    return (meta & ITEM) != 0 && value.readableBytes() >= headBytes;
  }

  /** Whether there is a payload at all; kumofs 0.4.13 takes anything shorter for absent. */
  public static boolean hasPayload(ByteBuf value) {
    return value.readableBytes() >= PAYLOAD_OFFSET;
  }

  public static boolean isStale(ByteBuf value) {
    return isItem(value) && (meta(value) & STALE) != 0;
  }

  public static boolean isWinGiven(ByteBuf value) {
    return isItem(value) && (meta(value) & WIN_GIVEN) != 0;
  }

  public static boolean isKeyBase64(ByteBuf value) {
    return isItem(value) && (meta(value) & KEY_BASE64) != 0;
  }

  public static int flags(ByteBuf value) {
    return flags(value, ItemLayout.KUMO);
  }

  public static int flags(ByteBuf value, ItemLayout layout) {
    if (isItem(value)) {
      return value.getInt(value.readerIndex() + PAYLOAD_OFFSET);
    }
    if (!layout.flags() || !hasPrefix(value, layout)) {
      return 0;
    }
    int offset = PAYLOAD_OFFSET + (layout.expiry() ? EXPIRY_BYTES : 0);
    return value.getUnsignedShort(value.readerIndex() + offset);
  }

  /** Unix seconds, 0 for never. */
  public static long expiry(ByteBuf value) {
    return expiry(value, ItemLayout.KUMO);
  }

  /** Unix seconds, 0 for never. */
  public static long expiry(ByteBuf value, ItemLayout layout) {
    if (isItem(value)) {
      return value.getUnsignedInt(value.readerIndex() + EXPIRY_OFFSET);
    }
    boolean known = layout.expiry() && hasPrefix(value, layout);
    return known ? value.getUnsignedInt(value.readerIndex() + PAYLOAD_OFFSET) : 0;
  }

  /** As {@link #expiry(ByteBuf)} of a raw value within a buffer. */
  public static long expiry(ByteBuf buffer, int start, int length) {
    boolean item =
        length >= CAS_OFFSET && (buffer.getUnsignedShort(start + META_OFFSET) & ITEM) != 0;
    return item ? buffer.getUnsignedInt(start + EXPIRY_OFFSET) : 0;
  }

  /** The number that clients compare with: one that a client chose or kept, else the ClockTime. */
  public static long cas(ByteBuf value) {
    boolean own = isItem(value) && (meta(value) & OWN_CAS) != 0;
    return own ? value.getLong(value.readerIndex() + CAS_OFFSET) : clockTime(value);
  }

  /**
   * By which imports tell newer from older: of an imported record the ClockTime that it had where
   * it came from, of any other its own.
   */
  public static long version(ByteBuf value) {
    return isItem(value) && (meta(value) & IMPORTED) != 0 ? cas(value) : clockTime(value);
  }

  public static int dataOffset(ByteBuf value) {
    return dataOffset(value, ItemLayout.KUMO);
  }

  /** From the reader index; the length of the value if it has no data. */
  public static int dataOffset(ByteBuf value, ItemLayout layout) {
    if (isItem(value)) {
      return (meta(value) & OWN_CAS) != 0 ? CAS_OFFSET + CAS_BYTES : CAS_OFFSET;
    }
    return Math.min(PAYLOAD_OFFSET + layout.prefixBytes(), value.readableBytes());
  }

  /** Returns the user's bytes as a slice that borrows the memory of {@code value}. */
  public static ByteBuf data(ByteBuf value, ItemLayout layout) {
    int offset = dataOffset(value, layout);
    return value.slice(value.readerIndex() + offset, value.readableBytes() - offset);
  }

  public static boolean isExpired(ByteBuf value, long nowSeconds) {
    return isExpired(value, ItemLayout.KUMO, nowSeconds);
  }

  public static boolean isExpired(ByteBuf value, ItemLayout layout, long nowSeconds) {
    long expiry = expiry(value, layout);
    return expiry != 0 && expiry <= nowSeconds;
  }

  /**
   * Whether a client sees it: not deleted, not expired, and not flushed.
   *
   * @param flushClockTime records up to it are absent; 0 if there was no flush_all
   */
  public static boolean isLive(
      ByteBuf value, ItemLayout layout, long nowSeconds, long flushClockTime) {
    return hasPayload(value)
        && (flushClockTime == 0 || Long.compareUnsigned(clockTime(value), flushClockTime) > 0)
        && !isExpired(value, layout, nowSeconds);
  }

  /**
   * Returns a kumo item with a copy of the data.
   *
   * @param data borrowed
   */
  public static ByteBuf encode(
      ByteBufAllocator allocator, long clockTime, int flags, long expiry, ByteBuf data) {
    ItemHead head = new ItemHead(flags, expiry, 0, clockTime);
    return head.encode(allocator, clockTime, ItemLayout.KUMO, data);
  }

  /** Returns a tombstone. */
  public static ByteBuf tombstone(ByteBufAllocator allocator, long clockTime) {
    return allocator.buffer(TOMBSTONE_BYTES, TOMBSTONE_BYTES).writeLong(clockTime);
  }

  static int meta(ByteBuf value) {
    return hasPayload(value) ? value.getUnsignedShort(value.readerIndex() + META_OFFSET) : 0;
  }

  private static boolean hasPrefix(ByteBuf value, ItemLayout layout) {
    return value.readableBytes() >= PAYLOAD_OFFSET + layout.prefixBytes();
  }
}
