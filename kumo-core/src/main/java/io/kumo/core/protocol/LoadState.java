package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * kumoctl gives a manager the state that one had: {@code [view, force]}. The result is nil.
 *
 * @param force take it although the manager knows newer hash spaces; it is made the newest then
 */
public record LoadState(ClusterView view, boolean force) implements Message {
  private static final int LENGTH = 2;

  static LoadState decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ClusterView view = ClusterView.read(in);
    return new LoadState(view, MsgPack.readBool(in));
  }

  @Override
  public Method method() {
    return Method.LOAD_STATE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    view.write(out);
    MsgPack.writeBool(out, force);
  }
}
