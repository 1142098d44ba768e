package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A gateway has all records of the cluster count as absent: {@code [ClockTime]}. The result is
 * true, once every active server knows.
 *
 * @param clockTime the greatest that a server has issued or seen, so that no record is newer
 */
public record FlushAll(long clockTime) implements Message {
  private static final int LENGTH = 1;

  static FlushAll decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new FlushAll(MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.FLUSH_ALL;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, clockTime);
  }
}
