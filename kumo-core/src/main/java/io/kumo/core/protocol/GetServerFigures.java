package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** A tool asks a server for all that it counts. The result is {@link ServerFigures}. */
public record GetServerFigures() implements Message {
  static GetServerFigures decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetServerFigures();
  }

  @Override
  public Method method() {
    return Method.GET_SERVER_FIGURES;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
