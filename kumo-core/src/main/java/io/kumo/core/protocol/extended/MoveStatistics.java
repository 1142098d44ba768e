package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * How far one server, or all together, are with a phase of a rebalance: {@code [scanned, total,
 * moved, bytes]}. Result of {@link GetMoveStatistics}.
 *
 * @param scanned records looked at
 * @param total records to look at
 * @param moved records sent to new owners, or removed
 * @param bytes of keys and values sent
 */
public record MoveStatistics(long scanned, long total, long moved, long bytes) {
  public static final MoveStatistics NONE = new MoveStatistics(0, 0, 0, 0);

  private static final int LENGTH = 4;

  public static MoveStatistics read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long scanned = MsgPack.readUnsigned(in);
    long total = MsgPack.readUnsigned(in);
    long moved = MsgPack.readUnsigned(in);
    return new MoveStatistics(scanned, total, moved, MsgPack.readUnsigned(in));
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, scanned);
    MsgPack.writeUnsigned(out, total);
    MsgPack.writeUnsigned(out, moved);
    MsgPack.writeUnsigned(out, bytes);
  }
}
