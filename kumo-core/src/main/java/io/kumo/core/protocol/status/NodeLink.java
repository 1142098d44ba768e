package io.kumo.core.protocol.status;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * Links of a node that are alike: {@code [kind, peer, security, count]}.
 *
 * @param kind of whom they lead to: {@link #MANAGER}, {@link #SERVER}, {@link #CLIENT} or {@link
 *     #MEMCACHED}
 * @param peer address of a node; of others the host that they are connected from; empty for those
 *     that are counted together
 * @param security what they have proved: {@code open} for nothing
 * @param count of them
 */
public record NodeLink(String kind, String peer, String security, long count) {
  /** To or from a manager. */
  public static final String MANAGER = "manager";

  /** To or from a server. */
  public static final String SERVER = "server";

  /** From a gateway, a tool or a library: who asks does not introduce itself. */
  public static final String CLIENT = "client";

  /** From those who speak memcached to a gateway. */
  public static final String MEMCACHED = "memcached";

  /** Of a link that asks for nothing. */
  public static final String OPEN = "open";

  private static final int LENGTH = 4;

  public boolean isOpen() {
    return security.equals(OPEN);
  }

  static NodeLink read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
    NodeLink link =
        new NodeLink(
            RawStrings.readText(in),
            RawStrings.readText(in),
            RawStrings.readText(in),
            MsgPack.readUnsigned(in));
    MsgPack.skip(in, extra);
    return link;
  }

  void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    RawStrings.writeText(out, kind);
    RawStrings.writeText(out, peer);
    RawStrings.writeText(out, security);
    MsgPack.writeUnsigned(out, count);
  }
}
