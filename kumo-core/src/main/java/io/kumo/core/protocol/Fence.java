package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/**
 * Who acts as a key's coordinator, and by which write hash space. A receiver whose write hash space
 * has another ClockTime, or another first active node for the key, refuses.
 */
public record Fence(long whsClockTime, NodeAddress sender) {
  /** Elements in an array of parameters. */
  public static final int LENGTH = 2;

  public static Fence decode(ByteBuf in) throws MalformedMessageException {
    long whsClockTime = MsgPack.readUnsigned(in);
    NodeAddress sender = NodeAddressCodec.read(in);
    return new Fence(whsClockTime, sender);
  }

  public void encode(ByteBuf out) {
    MsgPack.writeUnsigned(out, whsClockTime);
    NodeAddressCodec.write(out, sender);
  }
}
