package io.kumo.core.protocol.votes;

import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A server says what keeps it from serving, in place of what it said before: {@code [full,
 * [unreachable, ...]]}. The result is nil.
 *
 * @param full whether it refuses writes because its disk is full
 * @param unreachable servers of the cluster that it has heard nothing of for too long
 */
public record ReportHealth(boolean full, List<NodeAddress> unreachable) implements Message {
  /** Of a server that nothing keeps from serving. */
  public static final ReportHealth WELL = new ReportHealth(false, List.of());

  private static final int LENGTH = 2;

  public ReportHealth {
    unreachable = List.copyOf(unreachable);
  }

  public static ReportHealth decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    boolean full = MsgPack.readBool(in);
    int count = MsgPack.readArrayHeader(in);
    if (count > Limits.MAX_NODES) {
      throw new MalformedMessageException("report of " + count + " servers");
    }
    List<NodeAddress> unreachable = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      unreachable.add(NodeAddressCodec.read(in));
    }
    return new ReportHealth(full, unreachable);
  }

  @Override
  public Method method() {
    return Method.REPORT_HEALTH;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, full);
    MsgPack.writeArrayHeader(out, unreachable.size());
    unreachable.forEach(server -> NodeAddressCodec.write(out, server));
  }
}
