package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * kumoctl has a cluster follow other managers: {@code [[address, ...]]}. The manager passes the
 * word on to its partner, servers and gateways, and directs nothing from then on unless it is among
 * them. The result is nil.
 */
public record MoveManagers(List<NodeAddress> managers) implements Message {
  public MoveManagers {
    managers = List.copyOf(managers);
  }

  public static MoveManagers decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, 1);
    int count = MsgPack.readArrayHeader(in, 1);
    List<NodeAddress> managers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      managers.add(NodeAddressCodec.read(in));
    }
    return new MoveManagers(managers);
  }

  @Override
  public Method method() {
    return Method.MOVE_MANAGERS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 1);
    MsgPack.writeArrayHeader(out, managers.size());
    managers.forEach(address -> NodeAddressCodec.write(out, address));
  }
}
