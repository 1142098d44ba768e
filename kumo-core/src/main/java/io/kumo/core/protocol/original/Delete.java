package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A gateway deletes a record at its coordinator; the result is a {@link DeleteResult}.
 *
 * @param flags {@link #ASYNC} or 0
 * @param key raw key, borrowed from what was decoded
 */
public record Delete(int flags, ByteBuf key) implements Message {
  /** Answer without waiting for the replicas. */
  public static final int ASYNC = 1;

  private static final int LENGTH = 2;

  public static Delete decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int flags = MsgPack.readU32(in);
    ByteBuf key = RawStrings.readKey(in);
    return new Delete(flags, key);
  }

  @Override
  public Method method() {
    return Method.DELETE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, flags);
    MsgPack.writeRaw(out, key);
  }
}
