package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A server asks a manager for the read hash space; the result is one ({@link HashSpaceCodec}). */
public record ReadHashSpaceRequest() implements Message {
  public static ReadHashSpaceRequest decode(ByteBuf in) throws MalformedMessageException {
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
