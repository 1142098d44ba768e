package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Limits;
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
 * kumoctl takes some servers in and others out, in one change, and starts a rebalance: {@code
 * [[address, ...], [address, ...], drain]}. The result is nil.
 *
 * @param attach connected servers that are not attached
 * @param remove attached servers
 * @param drain whether servers that serve may be removed; else only those that are fault
 */
public record ChangeMembers(List<NodeAddress> attach, List<NodeAddress> remove, boolean drain)
    implements Message {
  private static final int LENGTH = 3;

  public ChangeMembers {
    attach = List.copyOf(attach);
    remove = List.copyOf(remove);
  }

  public static ChangeMembers decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    List<NodeAddress> attach = addresses(in);
    List<NodeAddress> remove = addresses(in);
    return new ChangeMembers(attach, remove, MsgPack.readBool(in));
  }

  private static List<NodeAddress> addresses(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_NODES) {
      throw new MalformedMessageException(count + " servers");
    }
    List<NodeAddress> addresses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      addresses.add(NodeAddressCodec.read(in));
    }
    return addresses;
  }

  @Override
  public Method method() {
    return Method.CHANGE_MEMBERS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    for (List<NodeAddress> servers : List.of(attach, remove)) {
      MsgPack.writeArrayHeader(out, servers.size());
      servers.forEach(server -> NodeAddressCodec.write(out, server));
    }
    MsgPack.writeBool(out, drain);
  }
}
