package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** kumoctl asks a manager how a rebalance stands. The result is a {@link RebalanceState}. */
public record GetRebalance() implements Message {
  public static GetRebalance decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetRebalance();
  }

  @Override
  public Method method() {
    return Method.GET_REBALANCE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
