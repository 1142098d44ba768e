package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A tool has a server compare all records that it coordinates with those of the other replicas, or
 * stop that: {@code [begin, repair, records a second, from, to, only or nil]}. The result is nil.
 * {@link GetVerification} tells how far it is.
 *
 * @param begin whether to begin; else what runs is to end
 * @param repair whether what differs is made equal
 * @param recordsPerSecond at most; 0 for as the server sees fit
 * @param range of hashes to look at
 * @param only the other replica to compare with; null for all
 */
public record Verify(
    boolean begin,
    boolean repair,
    long recordsPerSecond,
    HashRange range,
    @Nullable NodeAddress only)
    implements Message {
  /** Ends what runs. */
  public static final Verify STOP = new Verify(false, false, 0, HashRange.ALL, null);

  private static final int LENGTH = 6;

  public static Verify decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    boolean begin = MsgPack.readBool(in);
    boolean repair = MsgPack.readBool(in);
    long rate = MsgPack.readUnsigned(in);
    long from = MsgPack.readUnsigned(in);
    long to = MsgPack.readUnsigned(in);
    if (rate < 0 || Long.compareUnsigned(from, to) > 0) {
      throw new MalformedMessageException("a range that ends before it begins, or a wrong rate");
    }
    NodeAddress only = MsgPack.tryReadNil(in) ? null : NodeAddressCodec.read(in);
    return new Verify(begin, repair, rate, new HashRange(from, to), only);
  }

  @Override
  public Method method() {
    return Method.VERIFY;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, begin);
    MsgPack.writeBool(out, repair);
    MsgPack.writeUnsigned(out, recordsPerSecond);
    MsgPack.writeUnsigned(out, range.from());
    MsgPack.writeUnsigned(out, range.to());
    if (only == null) {
      MsgPack.writeNil(out);
    } else {
      NodeAddressCodec.write(out, only);
    }
  }
}
