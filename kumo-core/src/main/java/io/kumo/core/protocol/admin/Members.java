package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of {@link GetMembers}: {@code [[address, attached, active, connected, skewed, incarnation,
 * zone], ...]}; without the zone of a server that has none.
 */
public record Members(List<Member> list) {
  private static final int LENGTH = 6;

  /**
   * One server.
   *
   * @param attached whether the write hash space names it
   * @param active whether it does as one that serves
   * @param connected whether the manager that directs hears it
   * @param skewed whether its clock keeps it from being attached
   * @param incarnation of the process that is connected, 0 when none is or it is an original
   * @param zone as its {@code --zone} says; it counts from the next attach on. Empty for none
   */
  public record Member(
      NodeAddress address,
      boolean attached,
      boolean active,
      boolean connected,
      boolean skewed,
      long incarnation,
      String zone) {
    /** Without a zone. */
    public Member(
        NodeAddress address,
        boolean attached,
        boolean active,
        boolean connected,
        boolean skewed,
        long incarnation) {
      this(address, attached, active, connected, skewed, incarnation, "");
    }
  }

  public Members {
    list = List.copyOf(list);
  }

  public static Members read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > 2 * Limits.MAX_NODES) {
      throw new MalformedMessageException(count + " members");
    }
    List<Member> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
      NodeAddress address = NodeAddressCodec.read(in);
      boolean attached = MsgPack.readBool(in);
      boolean active = MsgPack.readBool(in);
      boolean connected = MsgPack.readBool(in);
      boolean skewed = MsgPack.readBool(in);
      long incarnation = MsgPack.readUnsigned(in);
      String zone = extra > 0 ? RawStrings.readZone(in) : "";
      MsgPack.skip(in, extra - 1);
      list.add(new Member(address, attached, active, connected, skewed, incarnation, zone));
    }
    return new Members(list);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, list.size());
    for (Member member : list) {
      boolean zoned = !member.zone().isEmpty();
      MsgPack.writeArrayHeader(out, zoned ? LENGTH + 1 : LENGTH);
      NodeAddressCodec.write(out, member.address());
      MsgPack.writeBool(out, member.attached());
      MsgPack.writeBool(out, member.active());
      MsgPack.writeBool(out, member.connected());
      MsgPack.writeBool(out, member.skewed());
      MsgPack.writeUnsigned(out, member.incarnation());
      if (zoned) {
        RawStrings.writeText(out, member.zone());
      }
    }
  }
}
