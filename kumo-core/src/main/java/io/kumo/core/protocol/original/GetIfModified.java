package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A gateway reads a record that it has a copy of. The result is the raw value, true if the copy is
 * still good, or nil if there is none.
 *
 * @param key raw key, borrowed from what was decoded
 * @param clockTime of the copy
 */
public record GetIfModified(ByteBuf key, long clockTime) implements Message {
  private static final int LENGTH = 2;

  public static GetIfModified decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf key = RawStrings.readKey(in);
    long clockTime = MsgPack.readUnsigned(in);
    return new GetIfModified(key, clockTime);
  }

  @Override
  public Method method() {
    return Method.GET_IF_MODIFIED;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
    MsgPack.writeUnsigned(out, clockTime);
  }
}
