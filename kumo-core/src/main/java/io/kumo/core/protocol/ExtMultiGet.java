package io.kumo.core.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A gateway reads several records from the coordinator of their keys: {@code [[key, ...]]}. The
 * result is an array of as many elements: the raw value; nil when there is no record; false when
 * the receiver has not looked, and the key has to be asked for by an {@link ExtGet}, which says
 * why.
 *
 * @param count of keys
 * @param keys their raw keys, each encoded as MessagePack, one behind the other; borrowed
 */
public record ExtMultiGet(int count, ByteBuf keys) implements Message {
  private static final int LENGTH = 1;

  /** Takes the keys one after the other. */
  @FunctionalInterface
  public interface KeyVisitor {
    /** Borrows the raw key, for the length of the call. */
    void visit(ByteBuf rawKey);
  }

  static ExtMultiGet decode(ByteBuf in) throws MalformedMessageException {
    MsgPack.readArrayHeader(in, LENGTH);
    int count = MsgPack.readArrayHeader(in);
    int start = in.readerIndex();
    for (int i = 0; i < count; i++) {
      RawStrings.skipKey(in);
    }
    return new ExtMultiGet(count, in.slice(start, in.readerIndex() - start));
  }

  /** Shows the keys in their order. */
  public void forEach(KeyVisitor visitor) {
    ByteBuf in = keys.duplicate();
    int end = in.writerIndex();
    try {
      for (int i = 0; i < count; i++) {
        int keyEnd = MsgPack.readRawLength(in) + in.readerIndex();
        visitor.visit(in.writerIndex(keyEnd));
        in.setIndex(keyEnd, end);
      }
    } catch (MalformedMessageException e) {
      throw new IllegalStateException("keys that were not checked", e);
    }
  }

  /** Appends what comes before the keys. */
  public static void encodeHead(ByteBuf out, int count) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeArrayHeader(out, count);
  }

  @Override
  public Method method() {
    return Method.EXT_MULTI_GET;
  }

  @Override
  public void encode(ByteBuf out) {
    encodeHead(out, count);
    out.writeBytes(keys, keys.readerIndex(), keys.readableBytes());
  }
}
