package io.kumo.core.protocol.status;

import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.CRC32C;

/**
 * What a node has installed, short enough to compare many: {@code [ClockTime, digest]}.
 *
 * @param clockTime of the hash space
 * @param digest CRC-32C of its servers and their states in their order, as they are on the wire,
 *     whatever its ClockTime; unsigned 32 bits
 */
public record RingState(long clockTime, long digest) {
  private static final int LENGTH = 2;

  public static RingState of(HashSpace space) {
    ByteBuf bytes = Unpooled.buffer();
    HashSpaceCodec.write(bytes, space.withClockTime(0));
    CRC32C crc = new CRC32C();
    crc.update(bytes.nioBuffer());
    return new RingState(space.clockTime(), crc.getValue());
  }

  static RingState read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
    long clockTime = MsgPack.readUnsigned(in);
    long digest = MsgPack.readUnsigned(in);
    MsgPack.skip(in, extra);
    return new RingState(clockTime, digest);
  }

  void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeUnsigned(out, digest);
  }
}
