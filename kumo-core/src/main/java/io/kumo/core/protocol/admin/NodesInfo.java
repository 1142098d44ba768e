package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of {@link GetNodesInfo}: {@code [write hash space, [address, ...]]}.
 *
 * @param newcomers servers that are there but not attached
 */
public record NodesInfo(HashSpace hashSpace, List<NodeAddress> newcomers) {
  private static final int LENGTH = 2;

  public NodesInfo {
    newcomers = List.copyOf(newcomers);
  }

  public static NodesInfo read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    HashSpace hashSpace = HashSpaceCodec.read(in);
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_NODES) {
      throw new MalformedMessageException(count + " newcomers");
    }
    List<NodeAddress> newcomers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      newcomers.add(NodeAddressCodec.read(in));
    }
    return new NodesInfo(hashSpace, newcomers);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    HashSpaceCodec.write(out, hashSpace);
    MsgPack.writeArrayHeader(out, newcomers.size());
    newcomers.forEach(address -> NodeAddressCodec.write(out, address));
  }
}
