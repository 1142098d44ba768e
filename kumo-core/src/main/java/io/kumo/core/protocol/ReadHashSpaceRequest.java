package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** A server asks a manager for the read hash space; the result is one ({@link HashSpaceCodec}). */
public record ReadHashSpaceRequest() implements Message {
  static ReadHashSpaceRequest decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new ReadHashSpaceRequest();
  }

  @Override
  public Method method() {
    return Method.READ_HASH_SPACE_REQUEST;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
