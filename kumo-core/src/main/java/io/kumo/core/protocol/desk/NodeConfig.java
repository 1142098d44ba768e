package io.kumo.core.protocol.desk;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of {@link GetConfig}: {@code [[setting, value, of the command line], ...]}. Settings that
 * are not known are ignored.
 */
public record NodeConfig(List<Entry> entries) {
  private static final int LENGTH = 3;
  private static final int MAX_ENTRIES = 100;

  /**
   * One setting.
   *
   * @param value that counts now, in the unit of the setting
   * @param initial that counted when the process began
   */
  public record Entry(NodeSetting setting, long value, long initial) {}

  public NodeConfig {
    entries = List.copyOf(entries);
  }

  public static NodeConfig read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_ENTRIES) {
      throw new MalformedMessageException(count + " settings");
    }
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
      long id = MsgPack.readUnsigned(in);
      long value = MsgPack.readUnsigned(in);
      long initial = MsgPack.readUnsigned(in);
      MsgPack.skip(in, extra);
      NodeSetting.byId(id).ifPresent(s -> entries.add(new Entry(s, value, initial)));
    }
    return new NodeConfig(entries);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, entries.size());
    for (Entry entry : entries) {
      MsgPack.writeArrayHeader(out, LENGTH);
      MsgPack.writeUnsigned(out, entry.setting().id());
      MsgPack.writeUnsigned(out, entry.value());
      MsgPack.writeUnsigned(out, entry.initial());
    }
  }
}
