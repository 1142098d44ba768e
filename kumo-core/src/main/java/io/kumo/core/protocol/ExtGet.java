package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A gateway reads a record from its coordinator in the write hash space; the result is an {@link
 * ExtGetResult}.
 *
 * @param key raw key, borrowed from what was decoded
 */
public record ExtGet(ByteBuf key) implements Message {
  private static final int LENGTH = 1;

  static ExtGet decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new ExtGet(RawStrings.readKey(in));
  }

  @Override
  public Method method() {
    return Method.EXT_GET;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
  }
}
