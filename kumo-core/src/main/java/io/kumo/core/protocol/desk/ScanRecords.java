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
 * A tool asks a server for the records that it coordinates, a page at a time, in the order of their
 * raw keys: {@code [after or nil, prefix, values]}. The result is a {@link RecordPage}.
 *
 * @param after raw key behind which to go on; null to begin
 * @param prefix that keys, as clients know them, begin with
 * @param values whether values are wanted, too
 */
public record ScanRecords(@Nullable ByteBuf after, ByteBuf prefix, boolean values)
    implements Message {
  private static final int LENGTH = 3;

  public static ScanRecords decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf after = MsgPack.tryReadNil(in) ? null : RawStrings.readKey(in);
    byte[] prefix = MsgPack.readBytes(in, Limits.MAX_RAW_KEY_BYTES);
    return new ScanRecords(after, Unpooled.wrappedBuffer(prefix), MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.SCAN_RECORDS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRawOrNil(out, after);
    MsgPack.writeRaw(out, prefix);
    MsgPack.writeBool(out, values);
  }
}
