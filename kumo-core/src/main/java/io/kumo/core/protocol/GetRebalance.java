package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/** kumoctl asks a manager how a rebalance stands. The result is a {@link RebalanceState}. */
public record GetRebalance() implements Message {
  static GetRebalance decode(ByteBuf in) throws MalformedMessageException {
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
