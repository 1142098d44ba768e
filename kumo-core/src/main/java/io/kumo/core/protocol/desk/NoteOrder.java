package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/** A manager tells its partner of an order that it was given: {@code [entry]}. */
public record NoteOrder(History.Entry entry) implements Message {
  public static NoteOrder decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, 1);
    return new NoteOrder(History.Entry.read(in));
  }

  @Override
  public Method method() {
    return Method.NOTE_ORDER;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 1);
    entry.write(out);
  }
}
