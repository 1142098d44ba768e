package io.kumo.core.protocol.original;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A coordinator stores a record on a replica. The result is true if it was stored, false if the
 * replica has one that is not older.
 *
 * @param clock see {@link Message}
 * @param flags {@link #BY_READ_SPACE} or 0
 * @param key raw key, borrowed from what was decoded
 * @param value raw value, at least 10 bytes, borrowed from what was decoded
 */
public record ReplicateSet(long clock, int flags, ByteBuf key, ByteBuf value) implements Message {
  /** The receiver is a replica in the read hash space only. */
  public static final int BY_READ_SPACE = 1;

  private static final int LENGTH = 4;

  public static ReplicateSet decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long clock = MsgPack.readUnsigned(in);
    int flags = MsgPack.readU32(in);
    ByteBuf key = RawStrings.readKey(in);
    ByteBuf value = RawStrings.readValue(in);
    return new ReplicateSet(clock, flags, key, value);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(value.getLong(value.readerIndex()), ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.REPLICATE_SET;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, clock);
    MsgPack.writeU32(out, flags);
    MsgPack.writeRaw(out, key);
    MsgPack.writeRaw(out, value);
  }
}
