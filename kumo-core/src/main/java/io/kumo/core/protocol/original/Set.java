package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A gateway stores a record at its coordinator; the result is a {@link SetResult}.
 *
 * @param operation one of the constants; any other is refused by the receiver
 * @param key raw key, borrowed from what was decoded
 * @param value raw value, at least 10 bytes, borrowed from what was decoded; its ClockTime is the
 *     expected one for {@link #COMPARE_AND_SWAP}, else 0
 */
public record Set(int operation, ByteBuf key, ByteBuf value) implements Message {
  public static final int PLAIN = 0;

  /** Answer without waiting for the replicas. */
  public static final int ASYNC = 1;

  public static final int COMPARE_AND_SWAP = 2;

  /** Defined by kumofs 0.4.13, and refused by it. */
  public static final int APPEND = 4;

  /** Defined by kumofs 0.4.13, and refused by it. */
  public static final int PREPEND = 8;

  private static final int LENGTH = 3;

  public static Set decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int operation = MsgPack.readU32(in);
    ByteBuf key = RawStrings.readKey(in);
    ByteBuf value = RawStrings.readValue(in);
    return new Set(operation, key, value);
  }

  @Override
  public Method method() {
    return Method.SET;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, operation);
    MsgPack.writeRaw(out, key);
    MsgPack.writeRaw(out, value);
  }
}
