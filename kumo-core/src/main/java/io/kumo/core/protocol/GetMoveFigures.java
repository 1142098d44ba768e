package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** A manager asks a server how far it is with a rebalance. The result is a {@link MoveFigures}. */
public record GetMoveFigures() implements Message {
  static GetMoveFigures decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetMoveFigures();
  }

  @Override
  public Method method() {
    return Method.GET_MOVE_FIGURES;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
