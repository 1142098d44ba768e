package io.kumo.core.protocol.admin;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of {@link GetRequestWatch}: {@code [seconds, [[key, reads, writes], ...], [[key, bytes],
 * ...], [[unix milliseconds, key, bytes, microseconds], ...]]}. Keys are the start of the user key,
 * as text: bytes that are no printable ASCII are written {@code \xHH}.
 *
 * @param seconds that the counts of hot keys are of
 * @param hot most asked for first; counts are estimates
 * @param large greatest first
 * @param slow oldest first
 */
public record RequestWatch(long seconds, List<Hot> hot, List<Large> large, List<Slow> slow) {
  private static final int MAX_ROWS = 1000;

  /** A key, and how often it was asked for. */
  public record Hot(String key, long reads, long writes) {}

  /** A key, and the bytes of its value when it was last asked for. */
  public record Large(String key, long bytes) {}

  /**
   * A write that took long.
   *
   * @param unixMillis when it was over
   * @param bytes of key and value
   */
  public record Slow(long unixMillis, String key, long bytes, long micros) {}

  public RequestWatch {
    hot = List.copyOf(hot);
    large = List.copyOf(large);
    slow = List.copyOf(slow);
  }

  public static RequestWatch read(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, 4);
    long seconds = MsgPack.readUnsigned(in);
    List<Hot> hot = new ArrayList<>();
    for (int i = rows(in); i > 0; i--) {
      MsgPack.readArrayHeader(in, 3);
      String key = RawStrings.readText(in);
      hot.add(new Hot(key, MsgPack.readUnsigned(in), MsgPack.readUnsigned(in)));
    }
    List<Large> large = new ArrayList<>();
    for (int i = rows(in); i > 0; i--) {
      MsgPack.readArrayHeader(in, 2);
      large.add(new Large(RawStrings.readText(in), MsgPack.readUnsigned(in)));
    }
    List<Slow> slow = new ArrayList<>();
    for (int i = rows(in); i > 0; i--) {
      MsgPack.readArrayHeader(in, 4);
      long unixMillis = MsgPack.readUnsigned(in);
      String key = RawStrings.readText(in);
      slow.add(new Slow(unixMillis, key, MsgPack.readUnsigned(in), MsgPack.readUnsigned(in)));
    }
    return new RequestWatch(seconds, hot, large, slow);
  }

  private static int rows(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_ROWS) {
      throw new MalformedMessageException(count + " keys");
    }
    return count;
  }

  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, 4);
    MsgPack.writeUnsigned(out, seconds);
    MsgPack.writeArrayHeader(out, hot.size());
    for (Hot key : hot) {
      MsgPack.writeArrayHeader(out, 3);
      RawStrings.writeText(out, key.key());
      MsgPack.writeUnsigned(out, key.reads());
      MsgPack.writeUnsigned(out, key.writes());
    }
    MsgPack.writeArrayHeader(out, large.size());
    for (Large key : large) {
      MsgPack.writeArrayHeader(out, 2);
      RawStrings.writeText(out, key.key());
      MsgPack.writeUnsigned(out, key.bytes());
    }
    MsgPack.writeArrayHeader(out, slow.size());
    for (Slow command : slow) {
      MsgPack.writeArrayHeader(out, 4);
      MsgPack.writeUnsigned(out, command.unixMillis());
      RawStrings.writeText(out, command.key());
      MsgPack.writeUnsigned(out, command.bytes());
      MsgPack.writeUnsigned(out, command.micros());
    }
  }
}
