package io.kumo.core.protocol.write;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.original.ReplicateSet;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator stores a record or a tombstone on a replica: {@code [ClockTime, flags, key, value,
 * write hash space's ClockTime, sender, gateway incarnation, sequence]}, and two more elements, a
 * {@link RequestHistory}, when the record is passed on and not just being written. The result is an
 * {@link ExtReplicateResult}.
 *
 * @param clockTime of the write, the one in the value
 * @param flags {@link ReplicateSet#BY_READ_SPACE} or 0
 * @param key raw key, borrowed from what was decoded
 * @param value raw value, 8 bytes for a tombstone; borrowed likewise
 * @param id of the request that writes the record
 * @param history of a record that is passed on; null for a new one
 */
public record ExtReplicate(
    long clockTime,
    int flags,
    ByteBuf key,
    ByteBuf value,
    Fence fence,
    RequestId id,
    @Nullable RequestHistory history)
    implements Message {
  private static final int LENGTH = 4 + Fence.LENGTH + RequestId.LENGTH;

  public static ExtReplicate decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    long clockTime = MsgPack.readUnsigned(in);
    int flags = MsgPack.readU32(in);
    ByteBuf key = RawStrings.readKey(in);
    ByteBuf value = RawStrings.readValueOrTombstone(in);
    Fence fence = Fence.decode(in);
    RequestId id = RequestId.decode(in);
    boolean passedOn = length >= LENGTH + RequestHistory.LENGTH;
    RequestHistory history = passedOn ? RequestHistory.read(in) : null;
    return new ExtReplicate(clockTime, flags, key, value, fence, id, history);
  }

  @Override
  public long latestClockTime() {
    return history == null ? clockTime : 0;
  }

  @Override
  public Method method() {
    return Method.EXT_REPLICATE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, history == null ? LENGTH : LENGTH + RequestHistory.LENGTH);
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeU32(out, flags);
    MsgPack.writeRaw(out, key);
    MsgPack.writeRaw(out, value);
    fence.encode(out);
    id.encode(out);
    if (history != null) {
      history.write(out);
    }
  }
}
