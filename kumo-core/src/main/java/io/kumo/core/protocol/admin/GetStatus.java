package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A tool asks a server for one value; the result depends on it.
 *
 * @param command id of a {@link StatusField}, or a number that is answered with nil
 */
public record GetStatus(int command) implements Message {
  private static final int LENGTH = 1;

  public static GetStatus decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new GetStatus(MsgPack.readU32(in));
  }

  @Override
  public Method method() {
    return Method.GET_STATUS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, command);
  }
}
