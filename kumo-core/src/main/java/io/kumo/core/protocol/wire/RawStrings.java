package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Reads byte strings whose length says whether they can be what they should be. */
public final class RawStrings {
  private static final int MIN_KEY_BYTES = 8;
  private static final int TOMBSTONE_BYTES = 8;
  private static final int MIN_VALUE_BYTES = 10;

  private RawStrings() {}

  /** The hash, then the user's key. */
  public static ByteBuf readKey(ByteBuf in) throws MalformedMessageException {
    return in.readSlice(readKeyLength(in));
  }

  /** As {@link #readKey}, in memory of its own that nobody has to release. */
  public static ByteBuf copyKey(ByteBuf in) throws MalformedMessageException {
    byte[] key = new byte[readKeyLength(in)];
    in.readBytes(key);
    return Unpooled.wrappedBuffer(key);
  }

  /** Leaves a key out that {@link #readKey} would take. */
  public static void skipKey(ByteBuf in) throws MalformedMessageException {
    in.skipBytes(readKeyLength(in));
  }

  private static int readKeyLength(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readRawLength(in);
    if (length < MIN_KEY_BYTES || length > Limits.MAX_RAW_KEY_BYTES) {
      throw new MalformedMessageException("raw key of " + length + " bytes");
    }
    return length;
  }

  /** ClockTime, meta, payload. */
  public static ByteBuf readValue(ByteBuf in) throws MalformedMessageException {
    ByteBuf value = MsgPack.readRaw(in);
    if (value.readableBytes() < MIN_VALUE_BYTES) {
      throw new MalformedMessageException("raw value of " + value.readableBytes() + " bytes");
    }
    return value;
  }

  /** As {@link #readValue}, or the ClockTime alone. */
  public static ByteBuf readValueOrTombstone(ByteBuf in) throws MalformedMessageException {
    ByteBuf value = MsgPack.readRaw(in);
    int length = value.readableBytes();
    if (length < MIN_VALUE_BYTES && length != TOMBSTONE_BYTES) {
      throw new MalformedMessageException("raw value of " + length + " bytes");
    }
    return value;
  }

  /**
   * A text for people, who see it in terminals and logs: what would move the cursor, begin another
   * line or turn the direction of writing is a question mark.
   */
  public static String readText(ByteBuf in) throws MalformedMessageException {
    String text = readExactText(in);
    return text.codePoints().anyMatch(RawStrings::isUnprintable)
        ? text.codePoints()
            .map(c -> isUnprintable(c) ? '?' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : text;
  }

  /** A text for a program that looks at what is in it. */
  public static String readExactText(ByteBuf in) throws MalformedMessageException {
    return MsgPack.readText(in, Limits.MAX_TEXT_BYTES, StandardCharsets.UTF_8);
  }

  private static boolean isUnprintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** The name of a zone, or nothing for none. */
  public static String readZone(ByteBuf in) throws MalformedMessageException {
    String zone = MsgPack.readText(in, Limits.MAX_ZONE_BYTES, StandardCharsets.UTF_8);
    if (zone.codePoints().anyMatch(RawStrings::isUnprintable)) {
      throw new MalformedMessageException("a zone that cannot be printed");
    }
    return zone;
  }

  public static void writeText(ByteBuf out, String text) {
    MsgPack.writeRaw(out, text.getBytes(StandardCharsets.UTF_8));
  }
}
