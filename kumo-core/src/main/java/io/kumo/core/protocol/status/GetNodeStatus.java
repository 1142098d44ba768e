package io.kumo.core.protocol.status;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A tool asks a manager or a server for its {@link NodeStatus}. */
public record GetNodeStatus() implements Message {
  public static GetNodeStatus decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetNodeStatus();
  }

  @Override
  public Method method() {
    return Method.GET_NODE_STATUS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
