package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** A server asks a manager for the write hash space; the result is one ({@link HashSpaceCodec}). */
public record WriteHashSpaceRequest() implements Message {
  static WriteHashSpaceRequest decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new WriteHashSpaceRequest();
  }

  @Override
  public Method method() {
    return Method.WRITE_HASH_SPACE_REQUEST;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
