package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A gateway asks a server which items it coordinates, a page at a time, in the order of their raw
 * keys: {@code [after or nil, prefix]}. The result is an {@link ItemPage}.
 *
 * @param after raw key behind which to go on; null to begin
 * @param prefix that keys, as servers know them, begin with
 */
public record ScanItems(@Nullable ByteBuf after, ByteBuf prefix) implements Message {
  private static final int LENGTH = 2;

  public static ScanItems decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf after = MsgPack.tryReadNil(in) ? null : RawStrings.readKey(in);
    byte[] prefix = MsgPack.readBytes(in, Limits.MAX_RAW_KEY_BYTES);
    return new ScanItems(after, Unpooled.wrappedBuffer(prefix));
  }

  @Override
  public Method method() {
    return Method.SCAN_ITEMS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRawOrNil(out, after);
    MsgPack.writeRaw(out, prefix);
  }
}
