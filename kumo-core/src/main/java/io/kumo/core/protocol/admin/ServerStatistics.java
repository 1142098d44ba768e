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
 * Result of {@link GetServerStatistics}: {@code [[name, number], ...]}.
 *
 * @param values unsigned numbers by the names that metrics systems know them by
 */
public record ServerStatistics(SortedMap<String, Long> values) {
  /** Random per process start. */
  public static final String INCARNATION = "kumo_server_incarnation";

  /** 1 while writes are refused because the disk has too little room, else 0. */
  public static final String DISK_FULL = "kumo_server_disk_full";

  /** Mistakes in the program that the process has met and survived. */
  public static final String BUGS = "kumo_bugs_total";

  private static final int MAX_VALUES = 1000;

  public ServerStatistics {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** 0 for a name that is not among them. */
  public long get(String name) {
    return values.getOrDefault(name, 0L);
  }

  public static ServerStatistics read(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_VALUES) {
      throw new MalformedMessageException(count + " statistics");
    }
    SortedMap<String, Long> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      MsgPack.readArrayHeader(in, 2);
      values.put(RawStrings.readText(in), MsgPack.readUnsigned(in));
    }
    return new ServerStatistics(values);
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, values.size());
    for (Map.Entry<String, Long> value : values.entrySet()) {
      MsgPack.writeArrayHeader(out, 2);
      RawStrings.writeText(out, value.getKey());
      MsgPack.writeUnsigned(out, value.getValue());
    }
  }
}
