package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A gateway reads a record. The result is the raw value, or nil.
 *
 * @param key raw key, borrowed from what was decoded
 */
public record Get(ByteBuf key) implements Message {
  private static final int LENGTH = 1;

  static Get decode(ByteBuf in) throws MalformedMessageException {
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
