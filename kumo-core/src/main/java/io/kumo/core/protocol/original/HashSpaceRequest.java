package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * A gateway asks a manager for both hash spaces; the result is a {@link PublishedSpaces}. The array
 * is empty in kumofs 0.4.13, which ignores what stands in it.
 *
 * @param capabilities bit set of {@link Capabilities}; 0, and not written, from kumofs 0.4.13
 */
public record HashSpaceRequest(int capabilities) implements Message {
  public static HashSpaceRequest decode(ByteBuf in) throws MalformedMessageException {
    return new HashSpaceRequest(MsgPack.readArrayHeader(in) > 0 ? MsgPack.readU32(in) : 0);
  }

  /** Of this build. */
  public static HashSpaceRequest ours() {
    return new HashSpaceRequest(Capabilities.OURS);
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_REQUEST;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, capabilities == 0 ? 0 : 1);
    if (capabilities != 0) {
      MsgPack.writeU32(out, capabilities);
    }
  }
}
