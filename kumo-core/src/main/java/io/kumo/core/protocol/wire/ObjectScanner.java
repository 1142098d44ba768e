package io.kumo.core.protocol.wire;

import io.kumo.core.protocol.Limits;
import io.netty.buffer.ByteBuf;

/**
 * Finds the end of one MessagePack object that arrives in pieces. It remembers how far it got, so
 * every byte is looked at once, and the bytes of a long raw not at all.
 *
 * <p>Accepts what the old specification has, maps and floating point included; str8, bin and the
 * extension types are malformed. Confined to one thread.
 */
final class ObjectScanner {
  private final int maxBytes;

  /** Elements still to come, per open array or map. */
  private final long[] remaining = new long[Limits.MAX_DEPTH];

  private int depth;

  /** Bytes from the start of the object that are done with, or will be when they have arrived. */
  private long offset;

  private boolean complete;

  ObjectScanner(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** To be called before the next object. */
  void reset() {
    depth = 0;
    offset = 0;
    complete = false;
  }

  /** Length of the object, once {@link #scan} returned true. */
  int length() {
    return (int) offset;
  }

  /**
   * Goes on with the object that starts at the reader index, which stays.
   *
   * @param in borrowed; holds at least the bytes that the call before saw
   * @return whether the whole object is there
   */
  boolean scan(ByteBuf in) throws MalformedMessageException {
    while (!complete && offset < in.readableBytes()) {
      if (!scanHeader(in)) {
        return false;
      }
      if (offset > maxBytes) {
        throw new MalformedMessageException("object of more than " + maxBytes + " bytes");
      }
    }
    return complete && offset <= in.readableBytes();
  }

  private boolean scanHeader(ByteBuf in) throws MalformedMessageException {
    int at = in.readerIndex() + (int) offset;
    int type = in.getUnsignedByte(at);
    int lengthBytes = lengthBytes(type);
    if (in.writerIndex() - at <= lengthBytes) {
      return false;
    }
    long length = lengthBytes == 0 ? inlineLength(type) : readLength(in, at + 1, lengthBytes);
    offset += 1L + lengthBytes;
    if (isContainer(type)) {
      open(isMap(type) ? 2 * length : length);
    } else {
      offset += length;
      close();
    }
    return true;
  }

  /** Bytes of the length field that follows the type byte. */
  private static int lengthBytes(int type) {
    return switch (type) {
      case MsgPack.RAW16, MsgPack.ARRAY16, MsgPack.MAP16 -> 2;
      case MsgPack.RAW32, MsgPack.ARRAY32, MsgPack.MAP32 -> 4;
      default -> 0;
    };
  }

  private static long readLength(ByteBuf in, int at, int lengthBytes) {
    return lengthBytes == 2 ? in.getUnsignedShort(at) : in.getUnsignedInt(at);
  }

  /** Elements or bytes behind a type byte that says by itself how many. */
  private static int inlineLength(int type) throws MalformedMessageException {
    if (type < MsgPack.FIXMAP || type >= MsgPack.NEGATIVE_FIXINT) {
      return 0;
    }
    if (type < MsgPack.FIXRAW) {
      return type & 0xf;
    }
    if (type < MsgPack.NIL) {
      return type & 0x1f;
    }
    return switch (type) {
      case MsgPack.NIL, MsgPack.FALSE, MsgPack.TRUE -> 0;
      case MsgPack.UINT8, MsgPack.INT8 -> 1;
      case MsgPack.UINT16, MsgPack.INT16 -> 2;
      case MsgPack.UINT32, MsgPack.INT32, MsgPack.FLOAT32 -> 4;
      case MsgPack.UINT64, MsgPack.INT64, MsgPack.FLOAT64 -> 8;
      default -> throw new MalformedMessageException("type byte 0x" + Integer.toHexString(type));
    };
  }

  private static boolean isContainer(int type) {
    return (type >= MsgPack.FIXMAP && type < MsgPack.FIXRAW)
        || (type >= MsgPack.ARRAY16 && type <= MsgPack.MAP32);
  }

  private static boolean isMap(int type) {
    return (type >= MsgPack.FIXMAP && type < MsgPack.FIXARRAY) || type >= MsgPack.MAP16;
  }

  private void open(long elements) throws MalformedMessageException {
    if (elements > Limits.MAX_ARRAY_LENGTH) {
      throw new MalformedMessageException("array of " + elements + " elements");
    }
    if (elements == 0) {
      close();
    } else if (depth == remaining.length) {
      throw new MalformedMessageException("arrays nested deeper than " + depth);
    } else {
      remaining[depth++] = elements;
    }
  }

  private void close() {
    while (depth > 0) {
      if (--remaining[depth - 1] > 0) {
        return;
      }
      depth--;
    }
    complete = true;
  }
}
