package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A tool asks a server which keys it is asked for most, which values are large, and which writes
 * took long. The result is {@link RequestWatch}.
 */
public record GetRequestWatch() implements Message {
  public static GetRequestWatch decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetRequestWatch();
  }

  @Override
  public Method method() {
    return Method.GET_REQUEST_WATCH;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
