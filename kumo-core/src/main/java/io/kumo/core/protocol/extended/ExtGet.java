package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A gateway reads a record from its coordinator in the write hash space: {@code [key]}, or {@code
 * [key, ClockTime]} when it has a copy. The result is an {@link ExtGetResult}.
 *
 * @param key raw key, borrowed from what was decoded
 * @param copyClockTime of the copy; 0 if there is none
 */
public record ExtGet(ByteBuf key, long copyClockTime) implements Message {
  private static final int LENGTH = 1;

  /** Without a copy. */
  public ExtGet(ByteBuf key) {
    this(key, 0);
  }

  public static ExtGet decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf key = RawStrings.readKey(in);
    return new ExtGet(key, length > LENGTH ? MsgPack.readUnsigned(in) : 0);
  }

  @Override
  public Method method() {
    return Method.EXT_GET;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, copyClockTime == 0 ? LENGTH : LENGTH + 1);
    MsgPack.writeRaw(out, key);
    if (copyClockTime != 0) {
      MsgPack.writeUnsigned(out, copyClockTime);
    }
  }
}
