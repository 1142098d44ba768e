package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A tool changes a setting of a running server. For {@link #TCP_NODELAY} the argument is a boolean
 * and the result the number of sockets changed; kumofs 0.4.13 does not answer any other command.
 *
 * @param argument one encoded object, borrowed from what was decoded
 */
public record SetConfig(int command, ByteBuf argument) implements Message {
  public static final int TCP_NODELAY = 0;

  private static final int LENGTH = 2;

  public static SetConfig decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int command = MsgPack.readU32(in);
    return new SetConfig(command, MsgPack.readObject(in));
  }

  @Override
  public Method method() {
    return Method.SET_CONFIG;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, command);
    out.writeBytes(argument, argument.readerIndex(), argument.readableBytes());
  }
}
