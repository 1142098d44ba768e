package io.kumo.core.protocol;

import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/**
 * A server has records ready for another, which is to fetch them from the stream address. Never
 * answered.
 */
public record ReplaceOffer(NodeAddress streamAddress) implements Message {
  private static final int LENGTH = 1;

  static ReplaceOffer decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new ReplaceOffer(NodeAddressCodec.read(in));
  }

  @Override
  public Method method() {
    return Method.REPLACE_OFFER;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    NodeAddressCodec.write(out, streamAddress);
  }
}
