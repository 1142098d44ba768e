package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A server tells the directing manager that it has dropped everything. The result is true.
 *
 * @param replaceTime ClockTime of the hash space that was cleaned for
 * @param clock see {@link Message}
 * @param figures of the whole phase, an element that kumofs 0.4.13 neither sends nor looks at
 */
public record ReplaceDeleteEnd(long replaceTime, long clock, MoveFigures figures)
    implements Message {
  private static final int LENGTH = 2;

  public ReplaceDeleteEnd(long replaceTime, long clock) {
    this(replaceTime, clock, MoveFigures.NONE);
  }

  static ReplaceDeleteEnd decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    long replaceTime = MsgPack.readUnsigned(in);
    long clock = MsgPack.readUnsigned(in);
    return new ReplaceDeleteEnd(
        replaceTime, clock, length > LENGTH ? MoveFigures.read(in) : MoveFigures.NONE);
  }

  @Override
  public Method method() {
    return Method.REPLACE_DELETE_END;
  }

  @Override
  public void encode(ByteBuf out) {
    boolean counted = !figures.equals(MoveFigures.NONE);
    MsgPack.writeArrayHeader(out, counted ? LENGTH + 1 : LENGTH);
    MsgPack.writeUnsigned(out, replaceTime);
    MsgPack.writeUnsigned(out, clock);
    if (counted) {
      figures.write(out);
    }
  }
}
