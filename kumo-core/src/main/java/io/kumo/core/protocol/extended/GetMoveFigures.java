package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A manager asks a server how far it is with a rebalance. The result is a {@link MoveFigures}. */
public record GetMoveFigures() implements Message {
  public static GetMoveFigures decode(ByteBuf in) throws MalformedMessageException {
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
