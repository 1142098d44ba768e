package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.LeaseRequest;
import io.netty.buffer.ByteBuf;

/**
 * A server asks a voter for a lease: {@code [holder, process, term and version of the view that it
 * names, cluster]}. The result is a {@link io.kumo.core.vote.LeaseAnswer}.
 */
public record RequestLease(LeaseRequest request) implements Message {
  private static final int LENGTH = 5;

  public static RequestLease decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    Voter holder = VoterCodec.read(in);
    long process = ViewCodec.readCount(in);
    ViewId named = ViewCodec.readId(in);
    return new RequestLease(new LeaseRequest(holder, process, named, MsgPack.readUnsigned(in)));
  }

  @Override
  public Method method() {
    return Method.REQUEST_LEASE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    VoterCodec.write(out, request.holder());
    MsgPack.writeUnsigned(out, request.process());
    ViewCodec.writeId(out, request.named());
    MsgPack.writeUnsigned(out, request.cluster());
  }
}
