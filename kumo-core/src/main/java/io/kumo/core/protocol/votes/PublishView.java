package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.netty.buffer.ByteBuf;

/**
 * A director shows a view that is to be accepted: {@code [view, director]}. The result is an {@link
 * io.kumo.core.vote.Acceptance}.
 */
public record PublishView(ClusterView view, NodeAddress director) implements Message {
  private static final int LENGTH = 2;

  public static PublishView decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ClusterView view = ViewCodec.read(in);
    return new PublishView(view, NodeAddressCodec.read(in));
  }

  @Override
  public long latestClockTime() {
    return view.latestClockTime();
  }

  @Override
  public Method method() {
    return Method.PUBLISH_VIEW;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    ViewCodec.write(out, view);
    NodeAddressCodec.write(out, director);
  }
}
