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
 * @param alone attach the first servers of a cluster although the partner is not there, and will
 *     not be; kumofs 0.4.13 ignores it
 */
public record AttachNewServers(boolean replace, boolean force, boolean alone) implements Message {
  private static final int LENGTH = 3;

  /** In a cluster with both managers. */
  public AttachNewServers(boolean replace, boolean force) {
    this(replace, force, false);
  }

  public static AttachNewServers decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, 1);
    boolean replace = MsgPack.readBool(in);
    boolean force = length > 1 && MsgPack.readBool(in);
    return new AttachNewServers(replace, force, length > 2 && MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.ATTACH_NEW_SERVERS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, alone ? LENGTH : force ? 2 : 1);
    MsgPack.writeBool(out, replace);
    if (force || alone) {
      MsgPack.writeBool(out, force);
    }
    if (alone) {
      MsgPack.writeBool(out, true);
    }
  }
}
