package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A coordinator asks a replica which records it has, of those that the sender coordinates: {@code
 * [from hash, write hash space's ClockTime, sender]}. The result is a {@link RecordList}.
 *
 * @param fromHash where to begin, unsigned; the answer says where to go on
 */
public record ListRecords(long fromHash, Fence fence) implements Message {
  private static final int LENGTH = 1 + Fence.LENGTH;

  public static ListRecords decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long fromHash = MsgPack.readUnsigned(in);
    return new ListRecords(fromHash, Fence.decode(in));
  }

  @Override
  public Method method() {
    return Method.LIST_RECORDS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, fromHash);
    fence.encode(out);
  }
}
