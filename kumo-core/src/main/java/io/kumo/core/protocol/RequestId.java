package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * Names one write of a client, so that a repetition is recognised and not applied again.
 *
 * @param gatewayIncarnation random, per start of the gateway; 0 if there is no id
 * @param sequence counts the gateway's writes
 */
public record RequestId(long gatewayIncarnation, long sequence) {
  /** Of writes from kumofs 0.4.13 gateways. */
  public static final RequestId NONE = new RequestId(0, 0);

  /** Elements in an array of parameters. */
  public static final int LENGTH = 2;

  public boolean isPresent() {
    return gatewayIncarnation != 0;
  }

  public static RequestId decode(ByteBuf in) throws MalformedMessageException {
    long gatewayIncarnation = MsgPack.readUnsigned(in);
    long sequence = MsgPack.readUnsigned(in);
    return new RequestId(gatewayIncarnation, sequence);
  }

  public void encode(ByteBuf out) {
    MsgPack.writeUnsigned(out, gatewayIncarnation);
    MsgPack.writeUnsigned(out, sequence);
  }
}
