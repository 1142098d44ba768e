package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.wire.Ids;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;

/**
 * What one server has of a key: {@code [kind, ClockTime, value bytes, checksum, flags, expiry]}.
 *
 * @param valueBytes of the raw value
 * @param checksum CRC-32C of the raw value; 0 where there is none
 * @param flags of an item; 0 for others
 * @param expiry unix seconds; 0 for never, and for others than items
 */
public record RecordReport(
    Kind kind, long clockTime, long valueBytes, int checksum, int flags, long expiry) {
  /** What it is. */
  public enum Kind {
    /** There is nothing. */
    NONE(0),
    /** A record with flags and expiry. */
    ITEM(1),
    /** A record in the layout of kumofs 0.4.13. */
    ORIGINAL(2),
    /** The trace of a deleted record. */
    TOMBSTONE(3),
    /** A record that cannot be read. */
    DAMAGED(4);

    private static final Kind[] BY_ID = values();

    private final int id;

    Kind(int id) {
      this.id = id;
    }

    private static Kind byId(long id) throws MalformedMessageException {
      return Ids.find(BY_ID, id, "kind of record");
    }
  }

  public static final RecordReport NONE = new RecordReport(Kind.NONE, 0, 0, 0, 0, 0);
  public static final RecordReport DAMAGED = new RecordReport(Kind.DAMAGED, 0, 0, 0, 0, 0);

  private static final int LENGTH = 6;

  /** Whether both are the same record; of damaged ones nothing is. */
  public boolean isSame(RecordReport other) {
    return kind != Kind.DAMAGED && equals(other);
  }

  /** Whether there is a record or a tombstone that can be read. */
  public boolean isThere() {
    return kind != Kind.NONE && kind != Kind.DAMAGED;
  }

  static RecordReport read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
    Kind kind = Kind.byId(MsgPack.readUnsigned(in));
    RecordReport report =
        new RecordReport(
            kind,
            MsgPack.readUnsigned(in),
            MsgPack.readUnsigned(in),
            (int) MsgPack.readUnsigned(in),
            (int) MsgPack.readUnsigned(in),
            MsgPack.readUnsigned(in));
    MsgPack.skip(in, extra);
    return report;
  }

  void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, kind.id);
    MsgPack.writeUnsigned(out, clockTime);
    MsgPack.writeUnsigned(out, valueBytes);
    MsgPack.writeUnsigned(out, Integer.toUnsignedLong(checksum));
    MsgPack.writeUnsigned(out, Integer.toUnsignedLong(flags));
    MsgPack.writeUnsigned(out, expiry);
  }
}
