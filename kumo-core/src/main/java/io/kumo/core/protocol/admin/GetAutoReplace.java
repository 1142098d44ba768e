package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** kumoctl asks a manager whether it rebalances automatically. The result is true or false. */
public record GetAutoReplace() implements Message {
  public static GetAutoReplace decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetAutoReplace();
  }

  @Override
  public Method method() {
    return Method.GET_AUTO_REPLACE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
