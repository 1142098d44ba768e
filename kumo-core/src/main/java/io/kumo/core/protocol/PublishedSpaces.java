package io.kumo.core.protocol;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.original.HashSpacePush;
import io.kumo.core.protocol.original.HashSpaceRequest;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.netty.buffer.ByteBuf;

/**
 * What managers distribute: {@code [write hash space, read hash space]}, and the extras as a third
 * element where there are any. The parameters of {@link HashSpacePush}, the result of {@link
 * HashSpaceRequest}, and part of a refusal between extended peers.
 */
public record PublishedSpaces(HashSpaces spaces, ClusterExtras extras) {
  public static final PublishedSpaces EMPTY =
      new PublishedSpaces(HashSpaces.EMPTY, ClusterExtras.NONE);

  private static final int LENGTH = 2;

  public static PublishedSpaces read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    HashSpace write = HashSpaceCodec.read(in);
    HashSpace read = HashSpaceCodec.read(in);
    ClusterExtras extras = length > LENGTH ? ClusterExtras.read(in) : ClusterExtras.NONE;
    return new PublishedSpaces(new HashSpaces(write, read), extras);
  }

  /** Of its hash spaces, its flush and its orders. */
  public long latestClockTime() {
    long ofSpaces = ClockTime.max(spaces.write().clockTime(), spaces.read().clockTime());
    return ClockTime.max(ofSpaces, extras.latestClockTime());
  }

  public void write(ByteBuf out) {
    boolean extended = extras.isPresent();
    MsgPack.writeArrayHeader(out, extended ? LENGTH + 1 : LENGTH);
    HashSpaceCodec.write(out, spaces.write());
    HashSpaceCodec.write(out, spaces.read());
    if (extended) {
      extras.write(out);
    }
  }
}
