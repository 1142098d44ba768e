package io.kumo.core.protocol.store;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * A manager tells a server to copy its store. The result is true; the error element is true if it
 * failed.
 *
 * @param suffix of the file name; checked by the receiver
 */
public record CreateBackupOnServer(String suffix) implements Message {
  private static final int LENGTH = 1;

  public static CreateBackupOnServer decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new CreateBackupOnServer(RawStrings.readExactText(in));
  }

  @Override
  public Method method() {
    return Method.CREATE_BACKUP_ON_SERVER;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, suffix);
  }
}
