package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.ClusterView;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A server shows an extended manager the hash spaces that it took last, so that a manager that
 * starts anew learns what the cluster was: {@code [view, clean, clock]}. The result is nil.
 *
 * @param clean whether the server's former process stopped in an orderly way, or this one has
 *     accepted the view itself
 * @param clock see {@link Message}
 */
public record HashSpaceReport(ClusterView view, boolean clean, long clock) implements Message {
  private static final int LENGTH = 3;

  public static HashSpaceReport decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ClusterView view = ClusterView.read(in);
    boolean clean = MsgPack.readBool(in);
    return new HashSpaceReport(view, clean, MsgPack.readUnsigned(in));
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_REPORT;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    view.write(out);
    MsgPack.writeBool(out, clean);
    MsgPack.writeUnsigned(out, clock);
  }
}
