package io.kumo.core.protocol.original;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.netty.buffer.ByteBuf;

/**
 * A manager gives the hash spaces to its partner or to a server. The result is true if the receiver
 * took something over, nil if everything was obsolete.
 *
 * @param clock see {@link Message}
 * @param copyingTime names the replace that the sender directs and that copies now; 0 if there is
 *     none, and from everybody but a partner that speaks the extensions
 */
public record HashSpaceSync(PublishedSpaces view, long clock, long copyingTime) implements Message {
  private static final int LENGTH = 3;
  private static final int WITH_EXTRAS = 4;

  /** From one who directs no replace. */
  public HashSpaceSync(PublishedSpaces view, long clock) {
    this(view, clock, 0);
  }

  public static HashSpaceSync decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    HashSpace write = HashSpaceCodec.read(in);
    HashSpace read = HashSpaceCodec.read(in);
    long clock = MsgPack.readUnsigned(in);
    ClusterExtras extras = length > LENGTH ? ClusterExtras.read(in) : ClusterExtras.NONE;
    long copyingTime = length > WITH_EXTRAS ? MsgPack.readUnsigned(in) : 0;
    PublishedSpaces view = new PublishedSpaces(new HashSpaces(write, read), extras);
    return new HashSpaceSync(view, clock, copyingTime);
  }

  @Override
  public long latestClockTime() {
    return ClockTime.max(view.latestClockTime(), ClockTime.ofMessageClock(clock));
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_SYNC;
  }

  @Override
  public void encode(ByteBuf out) {
    boolean extended = view.extras().isPresent();
    boolean copying = extended && copyingTime != 0;
    MsgPack.writeArrayHeader(out, copying ? WITH_EXTRAS + 1 : extended ? WITH_EXTRAS : LENGTH);
    HashSpaceCodec.write(out, view.spaces().write());
    HashSpaceCodec.write(out, view.spaces().read());
    MsgPack.writeUnsigned(out, clock);
    if (extended) {
      view.extras().write(out);
    }
    if (copying) {
      MsgPack.writeUnsigned(out, copyingTime);
    }
  }
}
