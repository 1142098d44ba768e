package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A coordinator asks a replica which records it has, of those that the sender coordinates: {@code
 * [from hash, write hash space's ClockTime, sender, to hash]}. The result is a {@link RecordList}.
 *
 * @param fromHash where to begin, unsigned; the answer says where to go on
 * @param toHash where to end, included and unsigned; a server without {@link Capabilities#DIGESTS}
 *     goes on to the last hash
 */
public record ListRecords(long fromHash, long toHash, Fence fence) implements Message {
  private static final long LAST_HASH = -1L;

  private static final int LENGTH = 1 + Fence.LENGTH;

  public static ListRecords decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    long fromHash = MsgPack.readUnsigned(in);
    Fence fence = Fence.decode(in);
    return new ListRecords(fromHash, length > LENGTH ? MsgPack.readUnsigned(in) : LAST_HASH, fence);
  }

  @Override
  public Method method() {
    return Method.LIST_RECORDS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH + 1);
    MsgPack.writeUnsigned(out, fromHash);
    fence.encode(out);
    MsgPack.writeUnsigned(out, toHash);
  }
}
