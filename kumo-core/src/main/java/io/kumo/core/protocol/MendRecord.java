package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A replica whose record is damaged asks the key's coordinator to compare all replicas: {@code
 * [key]}. The result is whether it will; false when it is not the coordinator.
 *
 * @param key raw key, borrowed from what was decoded
 */
public record MendRecord(ByteBuf key) implements Message {
  private static final int LENGTH = 1;

  static MendRecord decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new MendRecord(RawStrings.readKey(in));
  }

  @Override
  public Method method() {
    return Method.MEND_RECORD;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
  }
}
