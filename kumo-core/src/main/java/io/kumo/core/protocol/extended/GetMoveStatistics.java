package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A manager asks a server how far it is with a rebalance. The result is a {@link MoveStatistics}.
 */
public record GetMoveStatistics() implements Message {
  public static GetMoveStatistics decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetMoveStatistics();
  }

  @Override
  public Method method() {
    return Method.GET_MOVE_STATISTICS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
