package io.kumo.core.protocol.original;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A gateway asks a manager for both hash spaces; the result is a {@link ClusterView}. */
public record HashSpaceRequest() implements Message {
  public static HashSpaceRequest decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new HashSpaceRequest();
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_REQUEST;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
