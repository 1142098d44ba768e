package io.kumo.core.protocol;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.netty.buffer.ByteBuf;

/**
 * A manager gives the hash spaces to its partner or to a server. The result is true if the receiver
 * took something over, nil if everything was obsolete.
 *
 * @param clock see {@link Message}
 */
public record HashSpaceSync(ClusterView view, long clock) implements Message {
  private static final int LENGTH = 3;

  static HashSpaceSync decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    HashSpace write = HashSpaceCodec.read(in);
    HashSpace read = HashSpaceCodec.read(in);
    long clock = MsgPack.readUnsigned(in);
    ClusterExtras extras = length > LENGTH ? ClusterExtras.read(in) : ClusterExtras.NONE;
    return new HashSpaceSync(new ClusterView(new HashSpaces(write, read), extras), clock);
  }

  @Override
  public Method method() {
    return Method.HASH_SPACE_SYNC;
  }

  @Override
  public void encode(ByteBuf out) {
    boolean extended = view.extras().isPresent();
    MsgPack.writeArrayHeader(out, extended ? LENGTH + 1 : LENGTH);
    HashSpaceCodec.write(out, view.spaces().write());
    HashSpaceCodec.write(out, view.spaces().read());
    MsgPack.writeUnsigned(out, clock);
    if (extended) {
      view.extras().write(out);
    }
  }
}
