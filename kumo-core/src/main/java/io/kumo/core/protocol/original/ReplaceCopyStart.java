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
 * A manager tells a server to copy records to where the hash space places them. The result is true,
 * at once; {@link ReplaceCopyEnd} follows.
 *
 * @param clock see {@link Message}
 * @param full offer every record to all its replicas, and keep the write hash space
 */
public record ReplaceCopyStart(HashSpace hashSpace, long clock, boolean full) implements Message {
  private static final int LENGTH = 3;

  public static ReplaceCopyStart decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH - 1);
    HashSpace hashSpace = HashSpaceCodec.read(in);
    long clock = MsgPack.readUnsigned(in);
    return new ReplaceCopyStart(hashSpace, clock, length >= LENGTH && MsgPack.readBool(in));
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(hashSpace.clockTime(), ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.REPLACE_COPY_START;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    HashSpaceCodec.write(out, hashSpace);
    MsgPack.writeUnsigned(out, clock);
    MsgPack.writeBool(out, full);
  }
}
