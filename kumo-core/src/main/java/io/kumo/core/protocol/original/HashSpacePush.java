package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;

/** A manager gives the hash spaces to a gateway. The result is true. */
public record HashSpacePush(PublishedSpaces view) implements Message {
  public static HashSpacePush decode(ByteBuf in) throws MalformedMessageException {
    return new HashSpacePush(PublishedSpaces.read(in));
  }

  @Override
  public long latestClockTime() {
    return view.latestClockTime();
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_PUSH;
  }

  @Override
  public void encode(ByteBuf out) {
    view.write(out);
  }
}
