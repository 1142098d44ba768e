package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.vote.TermRequest;
import io.netty.buffer.ByteBuf;

/**
 * A manager asks whether it would be followed: {@code [term, candidate, cluster, by operator]}. The
 * result is a {@link io.kumo.core.vote.PreVote}.
 */
public record AskFirst(TermRequest request) implements Message {
  private static final int LENGTH = 4;

  public static AskFirst decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long term = ViewCodec.readCount(in);
    NodeAddress candidate = NodeAddressCodec.read(in);
    long cluster = MsgPack.readUnsigned(in);
    return new AskFirst(new TermRequest(term, candidate, cluster, MsgPack.readBool(in)));
  }

  @Override
  public Method method() {
    return Method.ASK_FIRST;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, request.term());
    NodeAddressCodec.write(out, request.candidate());
    MsgPack.writeUnsigned(out, request.cluster());
    MsgPack.writeBool(out, request.byOperator());
  }
}
