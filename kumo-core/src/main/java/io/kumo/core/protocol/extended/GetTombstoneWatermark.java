package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A server that returns asks another up to which ClockTime it has dropped tombstones. The result is
 * that ClockTime, 0 for never.
 */
public record GetTombstoneWatermark() implements Message {
  public static GetTombstoneWatermark decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetTombstoneWatermark();
  }

  @Override
  public Method method() {
    return Method.GET_TOMBSTONE_WATERMARK;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
