package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/**
 * A server has records ready for another, which is to fetch them from the stream address. Never
 * answered.
 *
 * @param replaceTime ClockTime of the hash space that the records are copied for, an element that
 *     kumofs 0.4.13 neither sends nor looks at; 0 when it is not known
 */
public record ReplaceOffer(NodeAddress streamAddress, long replaceTime) implements Message {
  private static final int LENGTH = 1;

  public ReplaceOffer(NodeAddress streamAddress) {
    this(streamAddress, 0);
  }

  public static ReplaceOffer decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    NodeAddress streamAddress = NodeAddressCodec.read(in);
    return new ReplaceOffer(streamAddress, length > LENGTH ? MsgPack.readUnsigned(in) : 0);
  }

  @Override
  public Method method() {
    return Method.REPLACE_OFFER;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, replaceTime == 0 ? LENGTH : LENGTH + 1);
    NodeAddressCodec.write(out, streamAddress);
    if (replaceTime != 0) {
      MsgPack.writeUnsigned(out, replaceTime);
    }
  }
}
