package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A coordinator asks another replica what it has of a key: {@code [key, ClockTime, checksum, write
 * hash space's ClockTime, sender]}. The result is a {@link FetchResult}.
 *
 * @param key raw key, borrowed from what was decoded
 * @param clockTime of the sender's own record, tombstones included; 0 for none
 * @param checksum CRC-32C of the sender's own raw value, so that an equal one need not be sent
 */
public record Fetch(ByteBuf key, long clockTime, int checksum, Fence fence) implements Message {
  private static final int LENGTH = 3 + Fence.LENGTH;

  public static Fetch decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf key = RawStrings.readKey(in);
    long clockTime = MsgPack.readUnsigned(in);
    int checksum = MsgPack.readU32(in);
    return new Fetch(key, clockTime, checksum, Fence.decode(in));
  }

  @Override
  public Method method() {
    return Method.FETCH;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRaw(out, key);
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeU32(out, checksum);
    fence.encode(out);
  }
}
