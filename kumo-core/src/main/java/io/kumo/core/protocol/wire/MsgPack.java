package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.Limits;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The MessagePack of kumofs 0.4.13, by hand on {@link ByteBuf} for the messages that carry records.
 *
 * <p>It is the old specification: byte strings are "raw" (fixraw, raw16, raw32), never str8 or bin.
 * Integers are written in the smallest form and read in any; a negative one is an error, as every
 * number of the protocol is unsigned. Readers leave the reader index behind what they read, and
 * where they throw, anywhere.
 */
public final class MsgPack {
  static final int NIL = 0xc0;
  static final int FALSE = 0xc2;
  static final int TRUE = 0xc3;
  static final int FLOAT32 = 0xca;
  static final int FLOAT64 = 0xcb;
  static final int UINT8 = 0xcc;
  static final int UINT16 = 0xcd;
  static final int UINT32 = 0xce;
  static final int UINT64 = 0xcf;
  static final int INT8 = 0xd0;
  static final int INT16 = 0xd1;
  static final int INT32 = 0xd2;
  static final int INT64 = 0xd3;
  static final int RAW16 = 0xda;
  static final int RAW32 = 0xdb;
  static final int ARRAY16 = 0xdc;
  static final int ARRAY32 = 0xdd;
  static final int MAP16 = 0xde;
  static final int MAP32 = 0xdf;
  static final int FIXMAP = 0x80;
  static final int FIXARRAY = 0x90;
  static final int FIXRAW = 0xa0;
  static final int NEGATIVE_FIXINT = 0xe0;

  private MsgPack() {}

  public static void writeNil(ByteBuf out) {
    out.writeByte(NIL);
  }

  public static void writeBool(ByteBuf out, boolean value) {
    out.writeByte(value ? TRUE : FALSE);
  }

  /** All 64 bits of {@code value}, unsigned. */
  public static void writeUnsigned(ByteBuf out, long value) {
    if (value >>> 7 == 0) {
      out.writeByte((int) value);
    } else if (value >>> 8 == 0) {
      out.writeShort((UINT8 << 8) | (int) value);
    } else if (value >>> 16 == 0) {
      out.writeMedium((UINT16 << 16) | (int) value);
    } else if (value >>> 32 == 0) {
      out.writeByte(UINT32).writeInt((int) value);
    } else {
      out.writeByte(UINT64).writeLong(value);
    }
  }

  /** All 32 bits of {@code value}, unsigned. */
  public static void writeU32(ByteBuf out, int value) {
    writeUnsigned(out, Integer.toUnsignedLong(value));
  }

  public static void writeArrayHeader(ByteBuf out, int length) {
    if (length < 16) {
      out.writeByte(FIXARRAY | length);
    } else if (length <= 0xffff) {
      out.writeMedium((ARRAY16 << 16) | length);
    } else {
      out.writeByte(ARRAY32).writeInt(length);
    }
  }

  /** To be followed by {@code length} bytes. */
  public static void writeRawHeader(ByteBuf out, int length) {
    if (length < 32) {
      out.writeByte(FIXRAW | length);
    } else if (length <= 0xffff) {
      out.writeMedium((RAW16 << 16) | length);
    } else {
      out.writeByte(RAW32).writeInt(length);
    }
  }

  /** Bytes of a header that any length fits into. */
  public static final int LONG_RAW_HEADER_BYTES = 5;

  /**
   * Writes the header of a raw whose bytes are there already.
   *
   * @param at where its {@link #LONG_RAW_HEADER_BYTES} were left free
   */
  public static void setLongRawHeader(ByteBuf out, int at, int length) {
    out.setByte(at, RAW32).setInt(at + 1, length);
  }

  /** Borrows {@code bytes}, whose indices stay. */
  public static void writeRaw(ByteBuf out, ByteBuf bytes) {
    int length = bytes.readableBytes();
    writeRawHeader(out, length);
    if (bytes.hasArray()) {
      // From one buffer to another Netty would go through views of both.
      out.writeBytes(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
    } else {
      out.writeBytes(bytes, bytes.readerIndex(), length);
    }
  }

  /** As {@link #writeRaw(ByteBuf, ByteBuf)}, or a nil. */
  public static void writeRawOrNil(ByteBuf out, @Nullable ByteBuf bytes) {
    if (bytes == null) {
      writeNil(out);
    } else {
      writeRaw(out, bytes);
    }
  }

  public static void writeRaw(ByteBuf out, byte[] bytes) {
    writeRawHeader(out, bytes.length);
    out.writeBytes(bytes);
  }

  /** The first byte of the next object, unsigned. */
  static int peek(ByteBuf in) throws MalformedMessageException {
    if (!in.isReadable()) {
      throw truncated();
    }
    return in.getUnsignedByte(in.readerIndex());
  }

  public static boolean isNil(ByteBuf in) throws MalformedMessageException {
    return peek(in) == NIL;
  }

  public static boolean isBool(ByteBuf in) throws MalformedMessageException {
    int type = peek(in);
    return type == TRUE || type == FALSE;
  }

  /** Whether an integer comes next (a negative one would then be refused by the reader). */
  public static boolean isUnsigned(ByteBuf in) throws MalformedMessageException {
    int type = peek(in);
    return type < FIXMAP || (type >= UINT8 && type <= INT64) || type >= NEGATIVE_FIXINT;
  }

  public static boolean isRaw(ByteBuf in) throws MalformedMessageException {
    int type = peek(in);
    return (type >= FIXRAW && type < NIL) || type == RAW16 || type == RAW32;
  }

  public static boolean isArray(ByteBuf in) throws MalformedMessageException {
    int type = peek(in);
    return (type >= FIXARRAY && type < FIXRAW) || type == ARRAY16 || type == ARRAY32;
  }

  /** Takes a nil away, if one comes next. */
  public static boolean tryReadNil(ByteBuf in) throws MalformedMessageException {
    if (!isNil(in)) {
      return false;
    }
    in.skipBytes(1);
    return true;
  }

  public static boolean readBool(ByteBuf in) throws MalformedMessageException {
    return switch (readByte(in)) {
      case TRUE -> true;
      case FALSE -> false;
      default -> throw unexpected("a boolean");
    };
  }

  /** An unsigned number of up to 64 bits. */
  public static long readUnsigned(ByteBuf in) throws MalformedMessageException {
    int type = readByte(in);
    if (type < FIXMAP) {
      return type;
    }
    return switch (type) {
      case UINT8 -> need(in, 1).readUnsignedByte();
      case UINT16 -> need(in, 2).readUnsignedShort();
      case UINT32 -> need(in, 4).readUnsignedInt();
      case UINT64 -> need(in, 8).readLong();
      case INT8 -> notNegative(need(in, 1).readByte());
      case INT16 -> notNegative(need(in, 2).readShort());
      case INT32 -> notNegative(need(in, 4).readInt());
      case INT64 -> notNegative(need(in, 8).readLong());
      default -> throw unexpected("an unsigned integer");
    };
  }

  /** An unsigned number of at most 32 bits, as the bits of an int. */
  public static int readU32(ByteBuf in) throws MalformedMessageException {
    long value = readUnsigned(in);
    if (value >>> 32 != 0) {
      throw new MalformedMessageException("integer of more than 32 bits");
    }
    return (int) value;
  }

  /** The number of elements, at most {@link Limits#MAX_ARRAY_LENGTH}. */
  public static int readArrayHeader(ByteBuf in) throws MalformedMessageException {
    int type = readByte(in);
    long length;
    if (type >= FIXARRAY && type < FIXRAW) {
      return type & 0xf;
    } else if (type == ARRAY16) {
      length = need(in, 2).readUnsignedShort();
    } else if (type == ARRAY32) {
      length = need(in, 4).readUnsignedInt();
    } else {
      throw unexpected("an array");
    }
    if (length > Limits.MAX_ARRAY_LENGTH) {
      throw new MalformedMessageException("array of " + length + " elements");
    }
    return (int) length;
  }

  /** The number of elements, at least {@code least}: a shorter tuple is a type error. */
  public static int readArrayHeader(ByteBuf in, int least) throws MalformedMessageException {
    int length = readArrayHeader(in);
    if (length < least) {
      throw new MalformedMessageException("array of " + length + " instead of " + least);
    }
    return length;
  }

  /** The length of a raw whose bytes follow and are all there. */
  public static int readRawLength(ByteBuf in) throws MalformedMessageException {
    int type = readByte(in);
    long length;
    if (type >= FIXRAW && type < NIL) {
      length = type & 0x1f;
    } else if (type == RAW16) {
      length = need(in, 2).readUnsignedShort();
    } else if (type == RAW32) {
      length = need(in, 4).readUnsignedInt();
    } else {
      throw unexpected("a raw");
    }
    if (length > in.readableBytes()) {
      throw truncated();
    }
    return (int) length;
  }

  /** Returns a slice of {@code in} that borrows its memory: retain it to keep it. */
  public static ByteBuf readRaw(ByteBuf in) throws MalformedMessageException {
    return in.readSlice(readRawLength(in));
  }

  /** Returns the bytes copied. */
  public static byte[] readBytes(ByteBuf in, int maxBytes) throws MalformedMessageException {
    int length = readRawLength(in);
    if (length > maxBytes) {
      throw new MalformedMessageException("raw of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return bytes;
  }

  public static String readText(ByteBuf in, int maxBytes, Charset charset)
      throws MalformedMessageException {
    return new String(readBytes(in, maxBytes), charset);
  }

  /**
   * Returns the next object, encoded as it is, as a slice that borrows the memory of {@code in}.
   */
  public static ByteBuf readObject(ByteBuf in) throws MalformedMessageException {
    int start = in.readerIndex();
    skip(in);
    return in.slice(start, in.readerIndex() - start);
  }

  /** Leaves out the next object, whatever it is. */
  public static void skip(ByteBuf in) throws MalformedMessageException {
    ObjectScanner scanner = new ObjectScanner(in.readableBytes());
    if (!scanner.scan(in)) {
      throw truncated();
    }
    in.skipBytes(scanner.length());
  }

  /** Leaves out so many objects, such as those that a newer node has appended; none below 1. */
  public static void skip(ByteBuf in, int objects) throws MalformedMessageException {
    for (int i = 0; i < objects; i++) {
      skip(in);
    }
  }

  private static int readByte(ByteBuf in) throws MalformedMessageException {
    if (!in.isReadable()) {
      throw truncated();
    }
    return in.readUnsignedByte();
  }

  private static ByteBuf need(ByteBuf in, int bytes) throws MalformedMessageException {
    if (in.readableBytes() < bytes) {
      throw truncated();
    }
    return in;
  }

  private static long notNegative(long value) throws MalformedMessageException {
    if (value < 0) {
      throw new MalformedMessageException("negative integer");
    }
    return value;
  }

  private static MalformedMessageException truncated() {
    return new MalformedMessageException("truncated object");
  }

  private static MalformedMessageException unexpected(String expected) {
    return new MalformedMessageException("not " + expected);
  }
}
