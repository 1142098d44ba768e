package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A server asks another whether tombstones may go: {@code [write hash space's ClockTime,
 * ClockTime]}. The result is true when the other has that hash space installed and every replica of
 * each key that it coordinates surely has all that was written to it up to the ClockTime.
 *
 * @param clockTime of the newest tombstone that is to go
 */
public record AgreeTombstoneGc(long whsClockTime, long clockTime) implements Message {
  private static final int LENGTH = 2;

  public static AgreeTombstoneGc decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new AgreeTombstoneGc(MsgPack.readUnsigned(in), MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.AGREE_TOMBSTONE_GC;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, whsClockTime);
    MsgPack.writeUnsigned(out, clockTime);
  }
}
