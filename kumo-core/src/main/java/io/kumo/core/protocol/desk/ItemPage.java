package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link ScanItems}: {@code [write hash space's ClockTime, last raw key or nil, [raw key,
 * given in base64, ClockTime, CAS, expiry, bytes, ...]]}.
 *
 * @param whsClockTime by which the server coordinates
 * @param last raw key that was looked at; null when there is none behind these
 * @param items some of those up to it
 */
public record ItemPage(long whsClockTime, @Nullable ByteBuf last, List<Entry> items) {
  /** Records that are looked at for one page. */
  public static final int MAX_ITEMS = 1 << 10;

  private static final int LENGTH = 3;
  private static final int ENTRY_LENGTH = 6;

  /**
   * An item that clients see, without its value.
   *
   * @param base64 whether its client gave the key so
   * @param clockTime of the record
   * @param cas that clients see
   * @param expiry unix seconds, 0 for never
   * @param bytes of raw key and raw value
   */
  public record Entry(
      ByteBuf rawKey, boolean base64, long clockTime, long cas, long expiry, long bytes) {}

  public ItemPage {
    items = List.copyOf(items);
  }

  /** Copies what it keeps. */
  public static ItemPage read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long whsClockTime = MsgPack.readUnsigned(in);
    ByteBuf last = MsgPack.tryReadNil(in) ? null : Unpooled.copiedBuffer(RawStrings.readKey(in));
    int elements = MsgPack.readArrayHeader(in);
    if (elements % ENTRY_LENGTH != 0 || elements > ENTRY_LENGTH * MAX_ITEMS) {
      throw new MalformedMessageException("items of " + elements + " elements");
    }
    List<Entry> items = new ArrayList<>(elements / ENTRY_LENGTH);
    for (int i = 0; i < elements; i += ENTRY_LENGTH) {
      items.add(
          new Entry(
              Unpooled.copiedBuffer(RawStrings.readKey(in)),
              MsgPack.readBool(in),
              MsgPack.readUnsigned(in),
              MsgPack.readUnsigned(in),
              MsgPack.readUnsigned(in),
              MsgPack.readUnsigned(in)));
    }
    return new ItemPage(whsClockTime, last, items);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, whsClockTime);
    MsgPack.writeRawOrNil(out, last);
    MsgPack.writeArrayHeader(out, ENTRY_LENGTH * items.size());
    for (Entry item : items) {
      MsgPack.writeRaw(out, item.rawKey());
      MsgPack.writeBool(out, item.base64());
      MsgPack.writeUnsigned(out, item.clockTime());
      MsgPack.writeUnsigned(out, item.cas());
      MsgPack.writeUnsigned(out, item.expiry());
      MsgPack.writeUnsigned(out, item.bytes());
    }
  }
}
