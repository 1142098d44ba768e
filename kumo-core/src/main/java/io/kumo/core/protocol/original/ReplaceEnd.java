package io.kumo.core.protocol.original;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A server tells the directing manager that it has copied everything, or removed everything. The
 * result is true.
 *
 * @param method {@link Method#REPLACE_COPY_END} or {@link Method#REPLACE_DELETE_END}
 * @param replaceTime ClockTime of the hash space that it was done for
 * @param clock see {@link Message}
 * @param statistics of the whole phase, an element that kumofs 0.4.13 neither sends nor looks at
 */
public record ReplaceEnd(Method method, long replaceTime, long clock, MoveStatistics statistics)
    implements Message {
  private static final int LENGTH = 2;

  public ReplaceEnd(Method method, long replaceTime, long clock) {
    this(method, replaceTime, clock, MoveStatistics.NONE);
  }

  public static ReplaceEnd decodeCopy(ByteBuf in) throws MalformedMessageException {
    return decode(Method.REPLACE_COPY_END, in);
  }

  public static ReplaceEnd decodeDelete(ByteBuf in) throws MalformedMessageException {
    return decode(Method.REPLACE_DELETE_END, in);
  }

  private static ReplaceEnd decode(Method method, ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    long replaceTime = MsgPack.readUnsigned(in);
    long clock = MsgPack.readUnsigned(in);
    return new ReplaceEnd(
        method,
        replaceTime,
        clock,
        length > LENGTH ? MoveStatistics.read(in) : MoveStatistics.NONE);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.ofMessageClock(clock);
  }

  @Override
  public void encode(ByteBuf out) {
    boolean counted = !statistics.equals(MoveStatistics.NONE);
    MsgPack.writeArrayHeader(out, counted ? LENGTH + 1 : LENGTH);
    MsgPack.writeUnsigned(out, replaceTime);
    MsgPack.writeUnsigned(out, clock);
    if (counted) {
      statistics.write(out);
    }
  }
}
