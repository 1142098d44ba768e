package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A server tells the directing manager that it has dropped everything. The result is true.
 *
 * @param replaceTime ClockTime of the hash space that was cleaned for
 * @param clock see {@link Message}
 */
public record ReplaceDeleteEnd(long replaceTime, long clock) implements Message {
  private static final int LENGTH = 2;

  static ReplaceDeleteEnd decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long replaceTime = MsgPack.readUnsigned(in);
    long clock = MsgPack.readUnsigned(in);
    return new ReplaceDeleteEnd(replaceTime, clock);
  }

  @Override
  public Method method() {
    return Method.REPLACE_DELETE_END;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, replaceTime);
    MsgPack.writeUnsigned(out, clock);
  }
}
