package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl takes a server out for maintenance, or in again: {@code [address, seconds]}. The result
 * is nil.
 *
 * @param forSeconds after which it is taken in by itself; 0 for at once
 */
public record SuspendServer(NodeAddress server, long forSeconds) implements Message {
  /** A day. */
  public static final long MAX_SECONDS = 86_400;

  private static final int LENGTH = 2;

  public static SuspendServer decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    NodeAddress server = NodeAddressCodec.read(in);
    long seconds = MsgPack.readUnsigned(in);
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new MalformedMessageException("suspended for too long");
    }
    return new SuspendServer(server, seconds);
  }

  @Override
  public Method method() {
    return Method.SUSPEND_SERVER;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    NodeAddressCodec.write(out, server);
    MsgPack.writeUnsigned(out, forSeconds);
  }
}
