package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A tool asks a server how far its verification is: {@link VerificationState}. */
public record GetVerification() implements Message {
  public static GetVerification decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new GetVerification();
  }

  @Override
  public Method method() {
    return Method.GET_VERIFICATION;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
