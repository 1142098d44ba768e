package io.kumo.core.protocol.original;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A coordinator deletes a record on a replica. The result is true if the tombstone was stored.
 *
 * @param clock see {@link Message}
 * @param flags {@link ReplicateSet#BY_READ_SPACE} or 0
 * @param clockTime of the delete
 * @param key raw key, borrowed from what was decoded
 */
public record ReplicateDelete(long clock, int flags, long clockTime, ByteBuf key)
    implements Message {
  private static final int LENGTH = 4;

  public static ReplicateDelete decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long clock = MsgPack.readUnsigned(in);
    int flags = MsgPack.readU32(in);
    long clockTime = MsgPack.readUnsigned(in);
    ByteBuf key = RawStrings.readKey(in);
    return new ReplicateDelete(clock, flags, clockTime, key);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(clockTime, ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.REPLICATE_DELETE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, clock);
    MsgPack.writeU32(out, flags);
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeRaw(out, key);
  }
}
