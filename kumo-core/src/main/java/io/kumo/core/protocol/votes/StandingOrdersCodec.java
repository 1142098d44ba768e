package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.Suspension;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Standing orders in bytes: {@code [paused, bytes a second, [[address, until], ...]]}. */
final class StandingOrdersCodec {
  private static final int LENGTH = 3;
  private static final int SUSPENSION_LENGTH = 2;

  private StandingOrdersCodec() {}

  static void write(ByteBuf out, StandingOrders orders) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, orders.rebalancePaused());
    MsgPack.writeUnsigned(out, orders.bytesPerSecond());
    MsgPack.writeArrayHeader(out, orders.suspended().size());
    for (Suspension suspension : orders.suspended()) {
      MsgPack.writeArrayHeader(out, SUSPENSION_LENGTH);
      NodeAddressCodec.write(out, suspension.server());
      MsgPack.writeUnsigned(out, suspension.untilSeconds());
    }
  }

  static StandingOrders read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
    boolean paused = MsgPack.readBool(in);
    long rate = ViewCodec.readCount(in);
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_NODES) {
      throw new MalformedMessageException(count + " suspended servers");
    }
    List<Suspension> suspended = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int more = MsgPack.readArrayHeader(in, SUSPENSION_LENGTH) - SUSPENSION_LENGTH;
      NodeAddress server = NodeAddressCodec.read(in);
      suspended.add(new Suspension(server, ViewCodec.readCount(in)));
      MsgPack.skip(in, more);
    }
    MsgPack.skip(in, extra);
    return new StandingOrders(paused, rate, suspended);
  }
}
