package io.kumo.core.protocol.store;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * kumoctl tells a manager to have every server copy its store. The result is nil, before anything
 * is done.
 *
 * @param suffix of the file names; checked by the receiver
 */
public record CreateBackup(String suffix) implements Message {
  private static final int LENGTH = 1;

  public static CreateBackup decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new CreateBackup(RawStrings.readExactText(in));
  }

  @Override
  public Method method() {
    return Method.CREATE_BACKUP;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, suffix);
  }
}
