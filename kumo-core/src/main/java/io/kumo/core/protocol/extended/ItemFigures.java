package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * Result of {@link GetItemFigures}: {@code [items, bytes, spare bytes, reclaimed]}. Summed over all
 * servers, items and bytes count every item once.
 *
 * @param items live records whose coordinator the server is
 * @param bytes of their keys and values
 * @param spareBytes room on the server's disk, for copies of anybody's items
 * @param reclaimed expired records that the server has dropped since it started
 */
public record ItemFigures(long items, long bytes, long spareBytes, long reclaimed) {
  public static final ItemFigures NONE = new ItemFigures(0, 0, 0, 0);

  private static final int LENGTH = 4;

  public ItemFigures plus(ItemFigures other) {
    return new ItemFigures(
        items + other.items,
        bytes + other.bytes,
        spareBytes + other.spareBytes,
        reclaimed + other.reclaimed);
  }

  public static ItemFigures read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long items = MsgPack.readUnsigned(in);
    long bytes = MsgPack.readUnsigned(in);
    long spareBytes = MsgPack.readUnsigned(in);
    return new ItemFigures(items, bytes, spareBytes, MsgPack.readUnsigned(in));
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, items);
    MsgPack.writeUnsigned(out, bytes);
    MsgPack.writeUnsigned(out, spareBytes);
    MsgPack.writeUnsigned(out, reclaimed);
  }
}
