package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of {@link GetRebalance}: {@code [phase, outcome, replace time, full, statistics, [address,
 * ...], copied]}.
 *
 * @param phase 0 none is running, 1 copying, 2 deleting
 * @param outcome of the last one that ended: 0 none has, 1 finished, 2 abandoned, 3 cancelled
 * @param replaceTime ClockTime that names the running one, or the last; 0 before the first
 * @param statistics of the running phase, all servers together
 * @param waitingFor servers that have not ended the phase
 * @param copied statistics of the whole copy phase, once that has ended
 */
public record RebalanceState(
    int phase,
    int outcome,
    long replaceTime,
    boolean full,
    MoveStatistics statistics,
    List<NodeAddress> waitingFor,
    MoveStatistics copied) {
  public static final int IDLE = 0;
  public static final int COPYING = 1;
  public static final int DELETING = 2;

  public static final int NONE = 0;
  public static final int FINISHED = 1;
  public static final int ABANDONED = 2;
  public static final int CANCELLED = 3;

  private static final int LENGTH = 7;

  public RebalanceState {
    waitingFor = List.copyOf(waitingFor);
  }

  public static RebalanceState read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int phase = MsgPack.readU32(in);
    int outcome = MsgPack.readU32(in);
    long replaceTime = MsgPack.readUnsigned(in);
    boolean full = MsgPack.readBool(in);
    MoveStatistics statistics = MoveStatistics.read(in);
    int count = MsgPack.readArrayHeader(in);
    List<NodeAddress> waitingFor = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      waitingFor.add(NodeAddressCodec.read(in));
    }
    MoveStatistics copied = MoveStatistics.read(in);
    return new RebalanceState(phase, outcome, replaceTime, full, statistics, waitingFor, copied);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeU32(out, phase);
    MsgPack.writeU32(out, outcome);
    MsgPack.writeUnsigned(out, replaceTime);
    MsgPack.writeBool(out, full);
    statistics.write(out);
    MsgPack.writeArrayHeader(out, waitingFor.size());
    waitingFor.forEach(address -> NodeAddressCodec.write(out, address));
    copied.write(out);
  }
}
