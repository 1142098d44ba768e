package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl takes the newcomers into the write hash space. The result is nil.
 *
 * @param replace whether to start a rebalance
 * @param force attach although servers of the newest known hash space have not reported; kumofs
 *     0.4.13 ignores it
 * @param alone attach the first servers of a cluster although the partner is not there, and will
 *     not be; kumofs 0.4.13 ignores it
 * @param copies how many of each record a cluster is to keep that has no server yet; 0 for the
 *     default, or what there is; kumofs 0.4.13 ignores it
 */
public record AttachNewServers(boolean replace, boolean force, boolean alone, int copies)
    implements Message {
  private static final int LENGTH = 4;

  /** In a cluster with both managers. */
  public AttachNewServers(boolean replace, boolean force) {
    this(replace, force, false, 0);
  }

  public static AttachNewServers decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, 1);
    boolean replace = MsgPack.readBool(in);
    boolean force = length > 1 && MsgPack.readBool(in);
    boolean alone = length > 2 && MsgPack.readBool(in);
    long copies = length > 3 ? MsgPack.readUnsigned(in) : 0;
    if (copies < 0 || copies > HashSpace.MAX_COPIES) {
      throw new MalformedMessageException("no number of copies: " + copies);
    }
    return new AttachNewServers(replace, force, alone, (int) copies);
  }

  @Override
  public Method method() {
    return Method.ATTACH_NEW_SERVERS;
  }

  @Override
  public void encode(ByteBuf out) {
    int length = copies != 0 ? LENGTH : alone ? 3 : force ? 2 : 1;
    MsgPack.writeArrayHeader(out, length);
    MsgPack.writeBool(out, replace);
    if (length > 1) {
      MsgPack.writeBool(out, force);
    }
    if (length > 2) {
      MsgPack.writeBool(out, alone);
    }
    if (length > 3) {
      MsgPack.writeUnsigned(out, copies);
    }
  }
}
