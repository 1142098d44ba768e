package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that no longer owns records, or is about to copy them, asks an owner whether it has
 * them, this new or newer: {@code [[raw key, ClockTime], ...]}, and after the ClockTime a checksum
 * of the raw value when a record of the same ClockTime with other bytes does not count. The result
 * is a raw with one byte a record, in order: 1 it has, 0 it has not.
 */
public record ConfirmRecords(List<RecordVersion> entries) implements Message {
  /** Records in one message. */
  public static final int MAX_ENTRIES = 1024;

  private static final int ENTRY_LENGTH = 2;

  /**
   * One record.
   *
   * @param key raw key, borrowed from what was decoded
   * @param checksum CRC-32C of the raw value, unsigned; {@link #ANY_VALUE} when the ClockTime is
   *     enough
   */
  public record RecordVersion(ByteBuf key, long clockTime, long checksum) {
    public static final long ANY_VALUE = -1;

    /** Whatever its value. */
    public RecordVersion(ByteBuf key, long clockTime) {
      this(key, clockTime, ANY_VALUE);
    }

    private void encode(ByteBuf out) {
      MsgPack.writeArrayHeader(out, checksum == ANY_VALUE ? ENTRY_LENGTH : ENTRY_LENGTH + 1);
      MsgPack.writeRaw(out, key);
      MsgPack.writeUnsigned(out, clockTime);
      if (checksum != ANY_VALUE) {
        MsgPack.writeUnsigned(out, checksum);
      }
    }

    private static RecordVersion decode(ByteBuf in) throws MalformedMessageException {
      int length = MsgPack.readArrayHeader(in, ENTRY_LENGTH);
      ByteBuf key = RawStrings.readKey(in);
      long clockTime = MsgPack.readUnsigned(in);
      return new RecordVersion(
          key, clockTime, length > ENTRY_LENGTH ? MsgPack.readUnsigned(in) : ANY_VALUE);
    }
  }

  public ConfirmRecords {
    entries = List.copyOf(entries);
  }

  public static ConfirmRecords decode(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_ENTRIES) {
      throw new MalformedMessageException(count + " records to confirm");
    }
    List<RecordVersion> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(RecordVersion.decode(in));
    }
    return new ConfirmRecords(entries);
  }

  @Override
  public Method method() {
    return Method.CONFIRM_RECORDS;
  }

  @Override
  public void encode(ByteBuf out) {
    MsgPack.writeArrayHeader(out, entries.size());
    entries.forEach(entry -> entry.encode(out));
  }
}
