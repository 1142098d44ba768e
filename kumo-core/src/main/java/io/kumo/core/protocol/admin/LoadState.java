package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * kumoctl gives a manager the state that one had: {@code [view, force, auto-replace]}. The result
 * is nil.
 *
 * @param force take it although the manager knows newer hash spaces; it is made the newest then
 * @param autoReplace whether the cluster is to be rebalanced automatically; nil, or not there, to
 *     leave that as it is
 */
public record LoadState(PublishedSpaces view, boolean force, @Nullable Boolean autoReplace)
    implements Message {
  private static final int LENGTH = 2;

  public static LoadState decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    PublishedSpaces view = PublishedSpaces.read(in);
    boolean force = MsgPack.readBool(in);
    boolean leaves = length == LENGTH || MsgPack.tryReadNil(in);
    return new LoadState(view, force, leaves ? null : (Boolean) MsgPack.readBool(in));
  }

  @Override
  public long latestClockTime() {
    return view.latestClockTime();
  }

  @Override
  public Method method() {
    return Method.LOAD_STATE;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH + 1);
    view.write(out);
    MsgPack.writeBool(out, force);
    if (autoReplace == null) {
      MsgPack.writeNil(out);
    } else {
      MsgPack.writeBool(out, autoReplace);
    }
  }
}
