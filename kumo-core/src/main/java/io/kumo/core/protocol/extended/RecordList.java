package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link ListRecords}: {@code [refused, next hash or nil, [raw key, ClockTime, ...]]},
 * and the view as a fourth element in a refusal.
 *
 * @param done whether no record lies behind these
 * @param nextHash where to go on; every record below it was listed
 * @param entries by raw key
 * @param view hash spaces of a receiver that refuses, because the fence does not hold; null
 *     otherwise
 */
public record RecordList(
    boolean done, long nextHash, List<Entry> entries, @Nullable PublishedSpaces view) {
  /** Records in one answer. */
  public static final int MAX_ENTRIES = 1 << 12;

  private static final int LENGTH = 3;
  private static final int ENTRY_LENGTH = 2;

  /**
   * One record or tombstone.
   *
   * @param key raw key, borrowed from what was decoded
   */
  public record Entry(ByteBuf key, long clockTime) {}

  public RecordList {
    entries = List.copyOf(entries);
  }

  public static RecordList refused(PublishedSpaces view) {
    return new RecordList(true, 0, List.of(), view);
  }

  public static RecordList read(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    boolean refused = MsgPack.readBool(in);
    boolean done = MsgPack.isNil(in);
    long nextHash = 0;
    if (done) {
      MsgPack.skip(in);
    } else {
      nextHash = MsgPack.readUnsigned(in);
    }
    int elements = MsgPack.readArrayHeader(in);
    if (elements % ENTRY_LENGTH != 0 || elements > ENTRY_LENGTH * MAX_ENTRIES) {
      throw new MalformedMessageException("records of " + elements + " elements");
    }
    List<Entry> entries = new ArrayList<>(elements / ENTRY_LENGTH);
    for (int i = 0; i < elements; i += ENTRY_LENGTH) {
      ByteBuf key = RawStrings.readKey(in);
      entries.add(new Entry(key, MsgPack.readUnsigned(in)));
    }
    if (!refused) {
      return new RecordList(done, nextHash, entries, null);
    }
    return refused(length > LENGTH ? PublishedSpaces.read(in) : PublishedSpaces.EMPTY);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, view == null ? LENGTH : LENGTH + 1);
    MsgPack.writeBool(out, view != null);
    if (done) {
      MsgPack.writeNil(out);
    } else {
      MsgPack.writeUnsigned(out, nextHash);
    }
    MsgPack.writeArrayHeader(out, ENTRY_LENGTH * entries.size());
    for (Entry entry : entries) {
      MsgPack.writeRaw(out, entry.key());
      MsgPack.writeUnsigned(out, entry.clockTime());
    }
    if (view != null) {
      view.write(out);
    }
  }
}
