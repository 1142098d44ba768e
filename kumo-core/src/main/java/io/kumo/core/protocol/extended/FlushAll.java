package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A gateway has all records of the cluster count as absent: {@code [unix seconds]}, and a second
 * element where a delay is meant. It calls off any that was to happen later. The result is true,
 * once every active server has kept it on disk.
 *
 * @param dueSeconds when, by the gateway's clock; 0 for now
 * @param delaySeconds the same counted from the manager's clock, which goes before; 0 for none
 */
public record FlushAll(long dueSeconds, long delaySeconds) implements Message {
  private static final int LENGTH = 1;
  private static final int WITH_DELAY = 2;

  public static FlushAll decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    long dueSeconds = MsgPack.readUnsigned(in);
    return new FlushAll(dueSeconds, length > LENGTH ? MsgPack.readUnsigned(in) : 0);
  }

  @Override
  public Method method() {
    return Method.FLUSH_ALL;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, delaySeconds == 0 ? LENGTH : WITH_DELAY);
    MsgPack.writeUnsigned(out, dueSeconds);
    if (delaySeconds != 0) {
      MsgPack.writeUnsigned(out, delaySeconds);
    }
  }
}
