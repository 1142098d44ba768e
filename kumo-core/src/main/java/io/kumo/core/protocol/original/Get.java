package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A gateway reads a record. The result is the raw value, or nil.
 *
 * @param key raw key, borrowed from what was decoded
 */
public record Get(ByteBuf key) implements Message {
  private static final int LENGTH = 1;

  public static Get decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new Get(RawStrings.readKey(in));
  }

  @Override
  public Method method() {
    return Method.GET;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
  }
}
