package io.kumo.core.protocol.status;

import io.kumo.core.protocol.votes.ViewCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link GetView}: {@code [view, [manager, ...], director or nil]}.
 *
 * @param view installed at the manager that answers; none where views do not count by votes
 * @param managers that the cluster follows, as far as that manager knows
 * @param director the one of them that directs; null while none is known to
 */
public record CurrentView(
    ClusterView view, List<NodeAddress> managers, @Nullable NodeAddress director) {
  private static final int LENGTH = 3;
  private static final int MAX_MANAGERS = 16;

  public CurrentView {
    managers = List.copyOf(managers);
  }

  public static CurrentView read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
    ClusterView view = ViewCodec.read(in);
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_MANAGERS) {
      throw new MalformedMessageException(count + " managers");
    }
    List<NodeAddress> managers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      managers.add(NodeAddressCodec.read(in));
    }
    NodeAddress director = MsgPack.tryReadNil(in) ? null : NodeAddressCodec.read(in);
    MsgPack.skip(in, extra);
    return new CurrentView(view, managers, director);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    ViewCodec.write(out, view);
    MsgPack.writeArrayHeader(out, managers.size());
    managers.forEach(manager -> NodeAddressCodec.write(out, manager));
    if (director == null) {
      MsgPack.writeNil(out);
    } else {
      NodeAddressCodec.write(out, director);
    }
  }
}
