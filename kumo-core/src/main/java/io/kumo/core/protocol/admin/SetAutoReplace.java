package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl switches automatic rebalancing. The result is true when it was turned on, false when it
 * was turned off, nil when nothing changed. kumofs 0.4.13 sends a second, nil response, to be
 * ignored.
 */
public record SetAutoReplace(boolean enable) implements Message {
  private static final int LENGTH = 1;

  public static SetAutoReplace decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new SetAutoReplace(MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.SET_AUTO_REPLACE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, enable);
  }
}
