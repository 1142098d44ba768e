package io.kumo.core.protocol.wire;

import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/** A node address as a raw of six bytes: port, then IPv4 address, both big endian. */
public final class NodeAddressCodec {
  private NodeAddressCodec() {}

  public static void write(ByteBuf out, NodeAddress address) {
    MsgPack.writeRawHeader(out, NodeAddress.BYTES);
    writeBytes(out, address);
  }

  static void writeBytes(ByteBuf out, NodeAddress address) {
    out.writeShort(address.port());
    out.writeInt(address.ipv4());
  }

  public static NodeAddress read(ByteBuf in) throws MalformedMessageException {
    if (MsgPack.readRawLength(in) != NodeAddress.BYTES) {
      throw new MalformedMessageException("not an IPv4 node address");
    }
    return readBytes(in);
  }

  static NodeAddress readBytes(ByteBuf in) {
    return NodeAddress.fromBits(in.readUnsignedShort(), in.readInt());
  }
}
