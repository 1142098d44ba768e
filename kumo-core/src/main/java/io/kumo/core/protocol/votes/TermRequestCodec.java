package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.vote.TermRequest;
import io.netty.buffer.ByteBuf;

/** What a manager asks voters: {@code [term, candidate, cluster, by operator]}. */
final class TermRequestCodec {
  private static final int LENGTH = 4;

  private TermRequestCodec() {}

  static void write(ByteBuf out, TermRequest request) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, request.term());
    NodeAddressCodec.write(out, request.candidate());
    MsgPack.writeUnsigned(out, request.cluster());
    MsgPack.writeBool(out, request.byOperator());
  }

  static TermRequest read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long term = ViewCodec.readCount(in);
    NodeAddress candidate = NodeAddressCodec.read(in);
    long cluster = MsgPack.readUnsigned(in);
    return new TermRequest(term, candidate, cluster, MsgPack.readBool(in));
  }
}
