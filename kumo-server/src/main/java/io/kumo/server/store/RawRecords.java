package io.kumo.server.store;

import io.kumo.core.clock.ClockTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** What the store itself reads in a raw key and a raw value. */
public final class RawRecords {
  private RawRecords() {}

  /** Throws unless the key has a hash and is not too long. */
  public static void checkKey(ByteBuf rawKey) {
    int length = rawKey.readableBytes();
    if (length < Long.BYTES || length > Store.MAX_KEY_BYTES) {
      throw new StoreException(
          StoreException.Code.BAD_RECORD,
          "a raw key has 8 to " + Store.MAX_KEY_BYTES + " bytes, this one " + length);
    }
  }

  /** Throws unless the value is a tombstone or has ClockTime and meta, and is not too long. */
  public static void checkValue(ByteBuf rawValue) {
    int length = rawValue.readableBytes();
    if (length < Store.TOMBSTONE_BYTES || length == 9 || length > Store.MAX_VALUE_BYTES) {
      throw new StoreException(
          StoreException.Code.BAD_RECORD,
          "a raw value has 8 or 10 to " + Store.MAX_VALUE_BYTES + " bytes, this one " + length);
    }
  }

  /** The first 8 bytes: of a key its hash, of a value its ClockTime. */
  public static long head(ByteBuf raw) {
    return raw.getLong(raw.readerIndex());
  }

  public static boolean isTombstone(ByteBuf rawValue) {
    return rawValue.readableBytes() == Store.TOMBSTONE_BYTES;
  }

  /** The order in which replicas agree: ClockTime first (the leading bytes), then the rest. */
  public static boolean isNewer(ByteBuf rawValue, ByteBuf than) {
    int order = ClockTime.compare(head(rawValue), head(than));
    return order != 0 ? order > 0 : ByteBufUtil.compare(rawValue, than) > 0;
  }

  public static byte[] bytes(ByteBuf raw) {
    return ByteBufUtil.getBytes(raw);
  }

  /** For messages. */
  public static String hex(byte[] raw) {
    return ByteBufUtil.hexDump(raw);
  }
}
