package io.kumo.core.protocol.store;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** kumoctl asks a server what its store takes up. The result is a {@link StoreUsage}. */
public record GetStoreUsage() implements Message {
  public static GetStoreUsage decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetStoreUsage();
  }

  @Override
  public Method method() {
    return Method.GET_STORE_USAGE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
