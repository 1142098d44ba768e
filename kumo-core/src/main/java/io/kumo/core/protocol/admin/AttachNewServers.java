package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl takes the newcomers into the write hash space. The result is nil.
 *
 * @param replace whether to start a rebalance
 * @param force attach although servers of the newest known hash space have not reported; kumofs
 *     0.4.13 ignores it
 */
public record AttachNewServers(boolean replace, boolean force) implements Message {
  public static AttachNewServers decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, 1);
    boolean replace = MsgPack.readBool(in);
    return new AttachNewServers(replace, length > 1 && MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.ATTACH_NEW_SERVERS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, force ? 2 : 1);
    MsgPack.writeBool(out, replace);
    if (force) {
      MsgPack.writeBool(out, true);
    }
  }
}
