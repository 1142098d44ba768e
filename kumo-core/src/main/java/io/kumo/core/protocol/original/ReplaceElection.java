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
 * A manager leaves a rebalance to its partner. The result is true if the sender need do nothing,
 * nil if it must start the rebalance itself; kumofs 0.4.13 may not answer at all.
 *
 * @param clock see {@link Message}
 */
public record ReplaceElection(HashSpace hashSpace, long clock) implements Message {
  private static final int LENGTH = 2;

  public static ReplaceElection decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    HashSpace hashSpace = HashSpaceCodec.read(in);
    long clock = MsgPack.readUnsigned(in);
    return new ReplaceElection(hashSpace, clock);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(hashSpace.clockTime(), ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.REPLACE_ELECTION;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    HashSpaceCodec.write(out, hashSpace);
    MsgPack.writeUnsigned(out, clock);
  }
}
