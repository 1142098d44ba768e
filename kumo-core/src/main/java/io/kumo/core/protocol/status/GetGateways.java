package io.kumo.core.protocol.status;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A tool asks a manager for the {@link Gateways} that it knows. */
public record GetGateways() implements Message {
  public static GetGateways decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetGateways();
  }

  @Override
  public Method method() {
    return Method.GET_GATEWAYS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
