package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl takes the fault servers out of the write hash space. The result is nil.
 *
 * @param replace whether to start a rebalance
 */
public record DetachFaultServers(boolean replace) implements Message {
  private static final int LENGTH = 1;

  public static DetachFaultServers decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new DetachFaultServers(MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.DETACH_FAULT_SERVERS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, replace);
  }
}
