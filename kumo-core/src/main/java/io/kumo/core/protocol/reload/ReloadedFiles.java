package io.kumo.core.protocol.reload;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of {@link ReloadFiles}: {@code [failed, [line, ...]]}.
 *
 * @param failed whether any of them stayed as it was
 * @param lines one for each thing that there is to reload, for an operator
 */
public record ReloadedFiles(boolean failed, List<String> lines) {
  private static final int LENGTH = 2;
  private static final int MAX_LINES = 64;

  public ReloadedFiles {
    lines = List.copyOf(lines);
  }

  public static ReloadedFiles read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    boolean failed = MsgPack.readBool(in);
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_LINES) {
      throw new MalformedMessageException(count + " lines");
    }
    List<String> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      lines.add(RawStrings.readText(in));
    }
    return new ReloadedFiles(failed, lines);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeBool(out, failed);
    MsgPack.writeArrayHeader(out, lines.size());
    lines.forEach(line -> RawStrings.writeText(out, line));
  }
}
