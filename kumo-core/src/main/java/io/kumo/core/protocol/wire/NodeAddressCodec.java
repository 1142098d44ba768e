package io.kumo.core.protocol.wire;

import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/** A node address as a raw of its wire bytes: six with IPv4, 22 with IPv6. */
public final class NodeAddressCodec {
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
      return NodeAddress.fromBits(in.readUnsignedShort(), in.readInt());
    }
    if (!NodeAddress.isLength(length)) {
      throw new MalformedMessageException("not a node address");
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return NodeAddress.fromBytes(bytes);
  }
}
