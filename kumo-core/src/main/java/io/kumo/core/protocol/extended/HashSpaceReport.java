package io.kumo.core.protocol.extended;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A server shows an extended manager the hash spaces that it took last, so that a manager that
 * starts anew learns what the cluster was: {@code [view, clean, clock, new store]}, the last of
 * which earlier servers do not send. The result is nil.
 *
 * @param clean whether the server's former process stopped in an orderly way, or this one has
 *     accepted the view itself
 * @param clock see {@link Message}
 * @param newStore whether the server's store has never been part of a cluster
 */
public record HashSpaceReport(PublishedSpaces view, boolean clean, long clock, boolean newStore)
    implements Message {
  private static final int SHORTEST = 3;
  private static final int LENGTH = 4;

  /** Of a server whose store is not a new one. */
  public HashSpaceReport(PublishedSpaces view, boolean clean, long clock) {
    this(view, clean, clock, false);
  }

  public static HashSpaceReport decode(ByteBuf in) throws MalformedMessageException {
    int more = MsgPack.readArrayHeader(in, SHORTEST) - SHORTEST;
    PublishedSpaces view = PublishedSpaces.read(in);
    boolean clean = MsgPack.readBool(in);
    long clock = MsgPack.readUnsigned(in);
    return new HashSpaceReport(view, clean, clock, more > 0 && MsgPack.readBool(in));
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(view.latestClockTime(), ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_REPORT;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    view.write(out);
    MsgPack.writeBool(out, clean);
    MsgPack.writeUnsigned(out, clock);
    MsgPack.writeBool(out, newStore);
  }
}
