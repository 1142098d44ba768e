package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A tool asks a server for one figure; the result depends on it.
 *
 * @param command id of a {@link StatusCommand}, or a number that is answered with nil
 */
public record GetStatus(int command) implements Message {
  private static final int LENGTH = 1;

  static GetStatus decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new GetStatus(MsgPack.readU32(in));
  }

  @Override
  public Method method() {
    return Method.GET_STATUS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, command);
  }
}
