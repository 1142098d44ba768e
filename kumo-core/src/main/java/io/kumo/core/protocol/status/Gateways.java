package io.kumo.core.protocol.status;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Result of {@link GetGateways}: {@code [[from, rate, status], ...]}. */
public record Gateways(List<Gateway> list) {
  private static final int LENGTH = 3;

  /**
   * One gateway.
   *
   * @param from where its connection to the manager comes from
   * @param rate operations of clients a second of late
   */
  public record Gateway(String from, long rate, NodeStatus status) {}

  public Gateways {
    list = List.copyOf(list);
  }

  public static Gateways read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_GATEWAYS) {
      throw new MalformedMessageException(count + " gateways");
    }
    List<Gateway> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      MsgPack.readArrayHeader(in, LENGTH);
      list.add(new Gateway(RawStrings.readText(in), MsgPack.readUnsigned(in), NodeStatus.read(in)));
    }
    return new Gateways(list);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, list.size());
    for (Gateway gateway : list) {
      MsgPack.writeArrayHeader(out, LENGTH);
      RawStrings.writeText(out, gateway.from());
      MsgPack.writeUnsigned(out, gateway.rate());
      gateway.status().write(out);
    }
  }
}
