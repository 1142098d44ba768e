package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of a {@link ForceView} that only asks: {@code [view, [server, ...]]}.
 *
 * @param lost the view of which no quorum is there
 * @param reached the servers that the manager is connected to
 */
public record ForcedPart(ClusterView lost, List<NodeAddress> reached) {
  private static final int LENGTH = 2;

  public ForcedPart {
    reached = List.copyOf(reached);
  }

  public static ForcedPart read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ClusterView lost = ViewCodec.read(in);
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_NODES) {
      throw new MalformedMessageException(count + " servers");
    }
    List<NodeAddress> reached = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      reached.add(NodeAddressCodec.read(in));
    }
    return new ForcedPart(lost, reached);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    ViewCodec.write(out, lost);
    MsgPack.writeArrayHeader(out, reached.size());
    reached.forEach(server -> NodeAddressCodec.write(out, server));
  }
}
