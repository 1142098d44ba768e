package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.vote.TermRequest;
import io.netty.buffer.ByteBuf;

/**
 * A manager asks whether it would be followed: {@code [term, candidate, cluster, by operator]}. The
 * result is a {@link io.kumo.core.vote.PreVote}.
 */
public record AskFirst(TermRequest request) implements Message {
  public static AskFirst decode(ByteBuf in) throws MalformedMessageException {
    return new AskFirst(TermRequestCodec.read(in));
  }

  @Override
  public Method method() {
    return Method.ASK_FIRST;
  }

  @Override
  public void encode(ByteBuf out) {
    TermRequestCodec.write(out, request);
  }
}
