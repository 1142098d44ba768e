package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.view.Voter;
import io.netty.buffer.ByteBuf;

/**
 * A server relies on no lease of this process any more: {@code [holder, process]}. The result is
 * nil.
 */
public record ReleaseLease(Voter holder, long process) implements Message {
  private static final int LENGTH = 2;

  public static ReleaseLease decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    Voter holder = VoterCodec.read(in);
    return new ReleaseLease(holder, ViewCodec.readCount(in));
  }

  @Override
  public Method method() {
    return Method.RELEASE_LEASE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    VoterCodec.write(out, holder);
    MsgPack.writeUnsigned(out, process);
  }
}
