package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A tool asks a server for all that it counts. The result is {@link ServerStatistics}. */
public record GetServerStatistics() implements Message {
  public static GetServerStatistics decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetServerStatistics();
  }

  @Override
  public Method method() {
    return Method.GET_SERVER_STATISTICS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
