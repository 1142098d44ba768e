package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Result of {@link GetServerFigures}: {@code [[name, number], ...]}.
 *
 * @param values unsigned numbers by the names that metrics systems know them by
 */
public record ServerFigures(SortedMap<String, Long> values) {
  /** Random per process start. */
  public static final String INCARNATION = "kumo_server_incarnation";

  /** 1 while writes are refused because the disk has too little room, else 0. */
  public static final String DISK_FULL = "kumo_server_disk_full";

  private static final int MAX_FIGURES = 1000;

  public ServerFigures {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** 0 for a name that is not among them. */
  public long get(String name) {
    return values.getOrDefault(name, 0L);
  }

  public static ServerFigures read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_FIGURES) {
      throw new MalformedMessageException(count + " figures");
    }
    SortedMap<String, Long> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      MsgPack.readArrayHeader(in, 2);
      values.put(RawStrings.readText(in), MsgPack.readUnsigned(in));
    }
    return new ServerFigures(values);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, values.size());
    for (Map.Entry<String, Long> figure : values.entrySet()) {
      MsgPack.writeArrayHeader(out, 2);
      RawStrings.writeText(out, figure.getKey());
      MsgPack.writeUnsigned(out, figure.getValue());
    }
  }
}
