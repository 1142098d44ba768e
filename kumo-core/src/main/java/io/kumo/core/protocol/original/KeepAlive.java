package io.kumo.core.protocol.original;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * Asks for a heartbeat. The result is nil; between nodes that speak the extensions the physical
 * clock of the one asked, in unix milliseconds, by which skew is measured.
 *
 * @param clock see {@link Message}
 * @param unixMs the sender's physical clock; 0 from kumofs 0.4.13
 * @param writeClockTime of the write hash space that a manager has installed, 0 while it knows of
 *     none; {@link #NOT_SAID} from others and from kumofs 0.4.13
 */
public record KeepAlive(long clock, long unixMs, long writeClockTime) implements Message {
  public static final long NOT_SAID = -1;

  /** What {@link #readResult} gives when the one asked does not tell its clock. */
  public static final long NO_TIME = 0;

  private static final int WITH_TIME = 2;

  /** Of one who decides nothing about hash spaces. */
  public KeepAlive(long clock, long unixMs) {
    this(clock, unixMs, NOT_SAID);
  }

  public static KeepAlive decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, 1);
    long clock = MsgPack.readUnsigned(in);
    long unixMs = length > 1 ? MsgPack.readUnsigned(in) : 0;
    return new KeepAlive(clock, unixMs, length > WITH_TIME ? MsgPack.readUnsigned(in) : NOT_SAID);
  }

  /** The unix milliseconds in a result, or {@link #NO_TIME}. */
  public static long readResult(ByteBuf result) throws MalformedMessageException {
    return MsgPack.isUnsigned(result) ? MsgPack.readUnsigned(result) : NO_TIME;
  }

  /** Whether the sender says that it has an older write hash space than this one. */
  public boolean isBehind(long otherWriteClockTime) {
    return writeClockTime != NOT_SAID && ClockTime.isNewer(otherWriteClockTime, writeClockTime);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.ofMessageClock(clock);
  }

  @Override
  public Method method() {
    return Method.KEEP_ALIVE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, length());
    MsgPack.writeUnsigned(out, clock);
    if (length() > 1) {
      MsgPack.writeUnsigned(out, unixMs);
    }
    if (length() > WITH_TIME) {
      MsgPack.writeUnsigned(out, writeClockTime);
    }
  }

  private int length() {
    if (writeClockTime != NOT_SAID) {
      return WITH_TIME + 1;
    }
    return unixMs == 0 ? 1 : WITH_TIME;
  }
}
