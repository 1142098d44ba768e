package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.RangeDigest;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A server asks another for the {@link RangeDigest} of everything that it has in each of these
 * ranges: {@code [[from, to, ...], depth, copies, write hash space's ClockTime, sender]}. The
 * result is a {@link DigestList}.
 *
 * @param ranges in the order in which they are to be answered
 * @param copies whether the sender is about to give the records to the receiver; else it compares
 *     what it coordinates
 * @param fence whose ClockTime has to be that of the receiver's write hash space
 */
public record DigestRanges(List<HashRange> ranges, DigestDepth depth, boolean copies, Fence fence)
    implements Message {
  /** Ranges in one message. */
  public static final int MAX_RANGES = 256;

  private static final int LENGTH = 3 + Fence.LENGTH;

  public DigestRanges {
    ranges = List.copyOf(ranges);
  }

  public static DigestRanges decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    List<HashRange> ranges = HashRanges.read(in, MAX_RANGES);
    DigestDepth depth = DigestDepth.byId(MsgPack.readUnsigned(in));
    if (depth == null) {
      throw new MalformedMessageException("an unknown depth");
    }
    boolean copies = MsgPack.readBool(in);
    return new DigestRanges(ranges, depth, copies, Fence.decode(in));
  }

  @Override
  public Method method() {
    return Method.DIGEST_RANGES;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    HashRanges.write(out, ranges);
    MsgPack.writeUnsigned(out, depth.id());
    MsgPack.writeBool(out, copies);
    fence.encode(out);
  }
}
