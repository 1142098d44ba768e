package io.kumo.core.protocol.original;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.netty.buffer.ByteBuf;

/**
 * A manager tells a server to drop the records that the hash space no longer places on it. The
 * result is true, at once; {@link ReplaceDeleteEnd} follows.
 *
 * @param clock see {@link Message}
 */
public record ReplaceDeleteStart(HashSpace hashSpace, long clock) implements Message {
  private static final int LENGTH = 2;

  public static ReplaceDeleteStart decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    HashSpace hashSpace = HashSpaceCodec.read(in);
    long clock = MsgPack.readUnsigned(in);
    return new ReplaceDeleteStart(hashSpace, clock);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(hashSpace.clockTime(), ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.REPLACE_DELETE_START;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    HashSpaceCodec.write(out, hashSpace);
    MsgPack.writeUnsigned(out, clock);
  }
}
