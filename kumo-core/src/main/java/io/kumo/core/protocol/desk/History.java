package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Result of {@link GetHistory}: {@code [[Unix ms, who, from, order, outcome], ...]}. */
public record History(List<Entry> entries) {
  /** Orders that a manager keeps in mind. */
  public static final int MAX_ENTRIES = 1000;

  private static final int LENGTH = 5;

  /**
   * One order.
   *
   * @param who user and machine; empty where nobody said
   * @param from where the connection came from
   * @param order the command, or the name of the message
   * @param outcome "done", or why not
   */
  public record Entry(long atMs, String who, String from, String order, String outcome) {
    static Entry read(ByteBuf in) throws MalformedMessageException {
      MsgPack.readArrayHeader(in, LENGTH);
      return new Entry(
          MsgPack.readUnsigned(in),
          RawStrings.readText(in),
          RawStrings.readText(in),
          RawStrings.readText(in),
          RawStrings.readText(in));
    }

    void write(ByteBuf out) {
      MsgPack.writeArrayHeader(out, LENGTH);
      MsgPack.writeUnsigned(out, atMs);
      RawStrings.writeText(out, who);
      RawStrings.writeText(out, from);
      RawStrings.writeText(out, order);
      RawStrings.writeText(out, outcome);
    }
  }

  public History {
    entries = List.copyOf(entries);
  }

  public static History read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_ENTRIES) {
      throw new MalformedMessageException(count + " orders");
    }
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(Entry.read(in));
    }
    return new History(entries);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, entries.size());
    for (Entry entry : entries) {
      entry.write(out);
    }
  }
}
