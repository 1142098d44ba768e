package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A gateway has all records of the cluster count as absent: {@code [unix seconds]}. It calls off
 * any that was to happen later. The result is true, once every active server has kept it on disk.
 *
 * @param dueSeconds when; 0 for now
 */
public record FlushAll(long dueSeconds) implements Message {
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
    MsgPack.writeUnsigned(out, dueSeconds);
  }
}
