package io.kumo.core.protocol.snapshot;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;

/**
 * Result of {@link SnapshotStep}: {@code [paused, write hash space's ClockTime, clock, flush
 * ClockTime, tombstone watermark, records, damaged records, bytes kept, failure]}.
 *
 * @param paused whether no write began until now, since the pause was ordered
 * @param whsClockTime by which the server coordinates
 * @param clock greater than every ClockTime that the server has given
 * @param flushClockTime records up to it are absent
 * @param tombstoneWatermark tombstones up to it may be gone
 * @param records that the server has, tombstones left out
 * @param damaged of these
 * @param keptBytes of what was overwritten since
 * @param failure why the snapshot is not whole; empty while it is
 */
public record SnapshotState(
    boolean paused,
    long whsClockTime,
    long clock,
    long flushClockTime,
    long tombstoneWatermark,
    long records,
    long damaged,
    long keptBytes,
    String failure) {
  private static final int LENGTH = 9;

  public static SnapshotState read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    return new SnapshotState(
        MsgPack.readBool(in),
        MsgPack.readUnsigned(in),
        MsgPack.readUnsigned(in),
        MsgPack.readUnsigned(in),
        MsgPack.readUnsigned(in),
        MsgPack.readUnsigned(in),
        MsgPack.readUnsigned(in),
        MsgPack.readUnsigned(in),
        RawStrings.readText(in));
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, paused);
    MsgPack.writeUnsigned(out, whsClockTime);
    MsgPack.writeUnsigned(out, clock);
    MsgPack.writeUnsigned(out, flushClockTime);
    MsgPack.writeUnsigned(out, tombstoneWatermark);
    MsgPack.writeUnsigned(out, records);
    MsgPack.writeUnsigned(out, damaged);
    MsgPack.writeUnsigned(out, keptBytes);
    RawStrings.writeText(out, failure);
  }
}
