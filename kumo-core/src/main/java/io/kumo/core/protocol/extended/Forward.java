package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A manager hands what kumoctl asked of it to its partner, which directs: {@code [method, params]}.
 * The result is that of the method.
 *
 * @param methodId as on the wire
 * @param params one encoded array, borrowed from what was decoded
 */
public record Forward(int methodId, ByteBuf params) implements Message {
  private static final int LENGTH = 2;

  public static Forward decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int methodId = MsgPack.readU32(in);
    return new Forward(methodId, MsgPack.readObject(in));
  }

  @Override
  public Method method() {
    return Method.FORWARD;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, methodId);
    out.writeBytes(params, params.readerIndex(), params.readableBytes());
  }
}
