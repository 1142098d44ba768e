package io.kumo.core.protocol.reload;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A tool has a manager or server read its files again; the result is {@link ReloadedFiles}. */
public record ReloadFiles() implements Message {
  public static ReloadFiles decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in);
    return new ReloadFiles();
  }

  @Override
  public Method method() {
    return Method.RELOAD_FILES;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 0);
  }
}
