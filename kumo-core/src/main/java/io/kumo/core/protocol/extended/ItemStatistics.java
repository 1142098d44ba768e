package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * Result of {@link GetItemStatistics}: {@code [items, bytes, spare bytes, reclaimed]}. Summed over
 * all servers, items and bytes count every item once.
 *
 * @param items live records whose coordinator the server is
 * @param bytes of their keys and values
 * @param spareBytes room on the server's disk, for copies of anybody's items
 * @param reclaimed expired records that the server has dropped since it started
 */
public record ItemStatistics(long items, long bytes, long spareBytes, long reclaimed) {
  public static final ItemStatistics NONE = new ItemStatistics(0, 0, 0, 0);

  private static final int LENGTH = 4;

  public ItemStatistics plus(ItemStatistics other) {
    return new ItemStatistics(
        items + other.items,
        bytes + other.bytes,
        spareBytes + other.spareBytes,
        reclaimed + other.reclaimed);
  }

  public static ItemStatistics read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long items = MsgPack.readUnsigned(in);
    long bytes = MsgPack.readUnsigned(in);
    long spareBytes = MsgPack.readUnsigned(in);
    return new ItemStatistics(items, bytes, spareBytes, MsgPack.readUnsigned(in));
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, items);
    MsgPack.writeUnsigned(out, bytes);
    MsgPack.writeUnsigned(out, spareBytes);
    MsgPack.writeUnsigned(out, reclaimed);
  }
}
