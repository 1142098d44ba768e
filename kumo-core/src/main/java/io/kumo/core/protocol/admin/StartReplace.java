package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl starts a rebalance at a manager. The result is nil.
 *
 * @param full see {@link ReplaceCopyStart}
 */
public record StartReplace(boolean full) implements Message {
  public static StartReplace decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in);
    return new StartReplace(length > 0 && MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.START_REPLACE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, full ? 1 : 0);
    if (full) {
      MsgPack.writeBool(out, true);
    }
  }
}
