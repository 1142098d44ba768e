package io.kumo.core.protocol;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Who acts as a key's coordinator, and by which write hash space. A receiver whose write hash space
 * has another ClockTime, or another first active node for the key, refuses.
 */
public record Fence(long whsClockTime, NodeAddress sender) {
  /** Elements in an array of parameters. */
  public static final int LENGTH = 2;

  /** Of all threads: fences never change, so who misses another's costs no more than a new one. */
  private static final @Nullable Fence[] RECENT = new @Nullable Fence[64];

  public static Fence decode(ByteBuf in) throws MalformedMessageException {
    long whsClockTime = MsgPack.readUnsigned(in);
    NodeAddress sender = NodeAddressCodec.read(in);
    return of(whsClockTime, sender);
  }

  /** One that was made before where there is one, as nearly all messages bear one of a few. */
  public static Fence of(long whsClockTime, NodeAddress sender) {
    int place = (Long.hashCode(whsClockTime) ^ sender.hashCode()) & (RECENT.length - 1);
    Fence recent = RECENT[place];
    if (recent == null || recent.whsClockTime != whsClockTime || !recent.sender.equals(sender)) {
      recent = new Fence(whsClockTime, sender);
      RECENT[place] = recent;
    }
    return recent;
  }

  public void encode(ByteBuf out) {
    MsgPack.writeUnsigned(out, whsClockTime);
    NodeAddressCodec.write(out, sender);
  }
}
