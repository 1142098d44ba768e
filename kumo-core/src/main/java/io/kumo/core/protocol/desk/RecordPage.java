package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link ScanRecords}: {@code [write hash space's ClockTime, last raw key or nil, [raw
 * key, raw value or nil, ...]]}.
 *
 * @param whsClockTime by which the server coordinates
 * @param last raw key that was looked at; null when there is none behind these
 * @param records some of those up to it
 */
public record RecordPage(long whsClockTime, @Nullable ByteBuf last, List<Entry> records) {
  /** Records that are looked at for one page. */
  public static final int MAX_RECORDS = 1 << 10;

  private static final int LENGTH = 3;
  private static final int ENTRY_LENGTH = 2;

  /**
   * A record that clients see.
   *
   * @param rawValue null unless values are wanted
   */
  public record Entry(ByteBuf rawKey, @Nullable ByteBuf rawValue) {}

  public RecordPage {
    records = List.copyOf(records);
  }

  /** Copies what it keeps. */
  public static RecordPage read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    long clockTime = MsgPack.readUnsigned(in);
    ByteBuf last = MsgPack.tryReadNil(in) ? null : RawStrings.readKey(in).copy();
    int elements = MsgPack.readArrayHeader(in);
    if (elements % ENTRY_LENGTH != 0 || elements > ENTRY_LENGTH * MAX_RECORDS) {
      throw new MalformedMessageException("records of " + elements + " elements");
    }
    List<Entry> records = new ArrayList<>(elements / ENTRY_LENGTH);
    for (int i = 0; i < elements; i += ENTRY_LENGTH) {
      ByteBuf key = RawStrings.readKey(in).copy();
      ByteBuf value = MsgPack.tryReadNil(in) ? null : RawStrings.readValue(in).copy();
      records.add(new Entry(key, value));
    }
    return new RecordPage(clockTime, last, records);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, whsClockTime);
    MsgPack.writeRawOrNil(out, last);
    MsgPack.writeArrayHeader(out, ENTRY_LENGTH * records.size());
    for (Entry entry : records) {
      MsgPack.writeRaw(out, entry.rawKey());
      MsgPack.writeRawOrNil(out, entry.rawValue());
    }
  }
}
