package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** A gateway asks a manager for both hash spaces; the result is a {@link ClusterView}. */
public record HashSpaceRequest() implements Message {
  static HashSpaceRequest decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new HashSpaceRequest();
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_REQUEST;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
