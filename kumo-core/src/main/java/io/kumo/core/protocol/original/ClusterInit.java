package io.kumo.core.protocol.original;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;

/**
 * How managers and servers introduce themselves: the first message in each direction of a cluster
 * connection. kumofs 0.4.13 sends the first two elements and ignores the rest.
 *
 * @param capabilities bit set of {@link Capabilities}; 0 from kumofs 0.4.13
 * @param incarnation random, per process start; 0 from kumofs 0.4.13
 * @param zone where a server is, as {@code --zone} names it; empty, and not written, for nowhere
 */
public record ClusterInit(
    NodeAddress address, Role role, int capabilities, long incarnation, String zone) {
  public static final int TYPE = 2;
  private static final int PLAIN_LENGTH = 3;
  private static final int EXTENDED_LENGTH = 5;

  /** Without a zone. */
  public ClusterInit(NodeAddress address, Role role, int capabilities, long incarnation) {
    this(address, role, capabilities, incarnation, "");
  }

  public void encode(ByteBuf out) {
    boolean extended = capabilities != 0 || incarnation != 0;
    boolean zoned = extended && !zone.isEmpty();
    MsgPack.writeArrayHeader(
        out, zoned ? EXTENDED_LENGTH + 1 : extended ? EXTENDED_LENGTH : PLAIN_LENGTH);
    MsgPack.writeUnsigned(out, TYPE);
    NodeAddressCodec.write(out, address);
    MsgPack.writeUnsigned(out, role.id());
    if (extended) {
      MsgPack.writeU32(out, capabilities);
      MsgPack.writeUnsigned(out, incarnation);
    }
    if (zoned) {
      RawStrings.writeText(out, zone);
    }
  }

  /**
   * Reads what follows the type element; elements beyond the known ones are ignored.
   *
   * @param in borrowed, behind the type element
   * @param length of the whole array
   */
  public static ClusterInit decode(ByteBuf in, int length) throws MalformedMessageException {
    if (length < PLAIN_LENGTH) {
      throw new MalformedMessageException("cluster init of " + length + " elements");
    }
    NodeAddress address = NodeAddressCodec.read(in);
    if (address.port() == 0) {
      throw new MalformedMessageException("cluster init with port 0");
    }
    Role role = Role.byId(MsgPack.readUnsigned(in));
    boolean extended = length >= EXTENDED_LENGTH;
    int capabilities = extended ? MsgPack.readU32(in) : 0;
    long incarnation = extended ? MsgPack.readUnsigned(in) : 0;
    String zone = length > EXTENDED_LENGTH ? RawStrings.readZone(in) : "";
    return new ClusterInit(address, role, capabilities, incarnation, zone);
  }
}
