package io.kumo.core.protocol.store;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl has a server rewrite its data files to give free space back. The result is true once it
 * has begun; {@link GetStoreUsage} tells how it goes on.
 */
public record CompactStore() implements Message {
  public static CompactStore decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new CompactStore();
  }

  @Override
  public Method method() {
    return Method.COMPACT_STORE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
