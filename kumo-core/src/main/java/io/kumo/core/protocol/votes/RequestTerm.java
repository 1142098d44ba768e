package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.vote.TermRequest;
import io.netty.buffer.ByteBuf;

/**
 * A manager asks for a term: {@code [term, candidate, cluster, by operator]}. The result is a
 * {@link io.kumo.core.vote.Promise}.
 */
public record RequestTerm(TermRequest request) implements Message {
  public static RequestTerm decode(ByteBuf in) throws MalformedMessageException {
    return new RequestTerm(TermRequestCodec.read(in));
  }

  @Override
  public Method method() {
    return Method.REQUEST_TERM;
  }

  @Override
  public void encode(ByteBuf out) {
    TermRequestCodec.write(out, request);
  }
}
