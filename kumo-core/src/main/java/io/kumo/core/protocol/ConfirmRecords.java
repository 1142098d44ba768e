package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that no longer owns records asks an owner whether it has them, this new or newer: {@code
 * [[raw key, ClockTime], ...]}. The result is a raw with one byte a record, in order: 1 it has, 0
 * it has not.
 */
public record ConfirmRecords(List<Entry> entries) implements Message {
  /** Records in one message. */
  public static final int MAX_ENTRIES = 1024;

  private static final int ENTRY_LENGTH = 2;

  /**
   * One record.
   *
   * @param key raw key, borrowed from what was decoded
   */
  public record Entry(ByteBuf key, long clockTime) {}

  public ConfirmRecords {
    entries = List.copyOf(entries);
  }

  static ConfirmRecords decode(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_ENTRIES) {
      throw new MalformedMessageException(count + " records to confirm");
    }
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      MsgPack.readArrayHeader(in, ENTRY_LENGTH);
      ByteBuf key = RawStrings.readKey(in);
      entries.add(new Entry(key, MsgPack.readUnsigned(in)));
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
    for (Entry entry : entries) {
      MsgPack.writeArrayHeader(out, ENTRY_LENGTH);
      MsgPack.writeRaw(out, entry.key());
      MsgPack.writeUnsigned(out, entry.clockTime());
    }
  }
}
