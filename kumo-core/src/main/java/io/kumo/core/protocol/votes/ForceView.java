package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl has a manager make a child of a cluster of which no quorum will come back, of what it
 * reaches: {@code [cluster]}. The result is nil, when that is done, or a {@link ForcedPart}.
 *
 * @param cluster its id, as the operator has been shown it; {@link #QUESTION} asks what there is
 */
public record ForceView(long cluster) implements Message {
  /** In place of an id. */
  public static final long QUESTION = 0;

  private static final int LENGTH = 1;

  public static ForceView decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new ForceView(MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.FORCE_VIEW;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, cluster);
  }
}
