package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Asks for a sign of life; the result is nil.
 *
 * @param clock see {@link Message}
 * @param unixMs the sender's physical clock, by which skew is measured; 0 from kumofs 0.4.13
 */
public record KeepAlive(long clock, long unixMs) implements Message {
  static KeepAlive decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, 1);
    long clock = MsgPack.readUnsigned(in);
    return new KeepAlive(clock, length > 1 ? MsgPack.readUnsigned(in) : 0);
  }

  @Override
  public Method method() {
    return Method.KEEP_ALIVE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, unixMs == 0 ? 1 : 2);
    MsgPack.writeUnsigned(out, clock);
    if (unixMs != 0) {
      MsgPack.writeUnsigned(out, unixMs);
    }
  }
}
