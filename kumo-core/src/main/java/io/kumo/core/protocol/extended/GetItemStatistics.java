package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A gateway asks a server of {@link Capabilities#COUNTS_ITEMS} what clients see of its records. The
 * result is an {@link ItemStatistics}.
 */
public record GetItemStatistics() implements Message {
  public static GetItemStatistics decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetItemStatistics();
  }

  @Override
  public Method method() {
    return Method.GET_ITEM_STATISTICS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
