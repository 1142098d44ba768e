package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.netty.buffer.ByteBuf;

/** A director shows a view that is committed: {@code [view, director]}. The result is nil. */
public record CommitView(ClusterView view, NodeAddress director) implements Message {
  private static final int LENGTH = 2;

  public static CommitView decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ClusterView view = ViewCodec.read(in);
    return new CommitView(view, NodeAddressCodec.read(in));
  }

  @Override
  public long latestClockTime() {
    return view.latestClockTime();
  }

  @Override
  public Method method() {
    return Method.COMMIT_VIEW;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    ViewCodec.write(out, view);
    NodeAddressCodec.write(out, director);
  }
}
