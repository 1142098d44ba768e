package io.kumo.core.protocol.snapshot;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link ScanSnapshot}: {@code [last raw key or nil, [raw key, raw value, ...]]}.
 *
 * @param last raw key that was looked at; null when there is none behind these
 * @param records some of those up to it
 */
public record SnapshotPage(@Nullable ByteBuf last, List<Entry> records) {
  /** Records that are looked at for one page; as many more may have been kept. */
  public static final int MAX_RECORDS = 1 << 10;

  /** After which a page ends; one value may be larger, and as much more may have been kept. */
  public static final int PAGE_BYTES = 1 << 20;

  private static final int LENGTH = 2;
  private static final int ENTRY_LENGTH = 2;

  /** A record, or a tombstone. */
  public record Entry(ByteBuf rawKey, ByteBuf rawValue) {}

  public SnapshotPage {
    records = List.copyOf(records);
  }

  /** Copies what it keeps. */
  public static SnapshotPage read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    ByteBuf last = MsgPack.tryReadNil(in) ? null : RawStrings.readKey(in).copy();
    int elements = MsgPack.readArrayHeader(in);
    if (elements % ENTRY_LENGTH != 0 || elements > 2 * ENTRY_LENGTH * MAX_RECORDS) {
      throw new MalformedMessageException("records of " + elements + " elements");
    }
    List<Entry> records = new ArrayList<>(elements / ENTRY_LENGTH);
    for (int i = 0; i < elements; i += ENTRY_LENGTH) {
      ByteBuf key = RawStrings.readKey(in).copy();
      records.add(new Entry(key, RawStrings.readValueOrTombstone(in).copy()));
    }
    return new SnapshotPage(last, records);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeRawOrNil(out, last);
    MsgPack.writeArrayHeader(out, ENTRY_LENGTH * records.size());
    for (Entry entry : records) {
      MsgPack.writeRaw(out, entry.rawKey());
      MsgPack.writeRaw(out, entry.rawValue());
    }
  }
}
