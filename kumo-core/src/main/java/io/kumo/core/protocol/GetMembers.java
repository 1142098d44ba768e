package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** kumoctl asks a manager what it knows of each server. The result is {@link Members}. */
public record GetMembers() implements Message {
  static GetMembers decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetMembers();
  }

  @Override
  public Method method() {
    return Method.GET_MEMBERS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
