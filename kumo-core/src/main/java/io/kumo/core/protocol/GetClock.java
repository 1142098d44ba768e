package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A manager asks a server for a ClockTime that is not less than that of any record it has or knows
 * to be on its way.
 */
public record GetClock() implements Message {
  static GetClock decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetClock();
  }

  @Override
  public Method method() {
    return Method.GET_CLOCK;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
