package io.kumo.core.protocol.wire;

import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A node address as a raw of its wire bytes: six with IPv4, 22 with IPv6. */
public final class NodeAddressCodec {
  /**
   * Of all threads: addresses never change, so who misses another's costs no more than a new one.
   */
  private static final @Nullable NodeAddress[] RECENT = new @Nullable NodeAddress[64];

  private NodeAddressCodec() {}

  public static void write(ByteBuf out, NodeAddress address) {
    MsgPack.writeRawHeader(out, address.length());
    if (address.isWide()) {
      out.writeBytes(address.toBytes());
    } else {
      out.writeShort(address.port());
      out.writeInt(address.ipv4());
    }
  }

  public static NodeAddress read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readRawLength(in);
    if (length == NodeAddress.BYTES) {
      return narrow(in.readUnsignedShort(), in.readInt());
    }
    if (!NodeAddress.isLength(length)) {
      throw new MalformedMessageException("not a node address");
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return NodeAddress.fromBytes(bytes);
  }

  /** One that was read before where there is one, as a node hears of few. */
  private static NodeAddress narrow(int port, int ipv4) {
    int place = (31 * ipv4 + port) & (RECENT.length - 1);
    NodeAddress recent = RECENT[place];
    if (recent == null || recent.isWide() || recent.port() != port || recent.ipv4() != ipv4) {
      recent = NodeAddress.fromBits(port, ipv4);
      RECENT[place] = recent;
    }
    return recent;
  }
}
