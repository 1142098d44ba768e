package io.kumo.core.protocol.extended;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.RawStrings;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A gateway reads several records from the coordinator of their keys: {@code [[key, ...]]}, or
 * {@code [[key, ...], [ClockTime, ...]]} when it has copies, with 0 for a key of which it has none.
 * The result is an array of as many elements: the raw value; nil when there is no record; true when
 * the copy is the newest record; false when the receiver has not looked, and the key has to be
 * asked for by an {@link ExtGet}, which says why.
 *
 * @param count of keys
 * @param keys their raw keys, each encoded as MessagePack, one behind the other; borrowed
 * @param copies the ClockTimes of copies in the same way; null when there are none
 */
public record ExtMultiGet(int count, ByteBuf keys, @Nullable ByteBuf copies) implements Message {
  private static final int LENGTH = 1;

  /** Takes the keys one after the other. */
  @FunctionalInterface
  public interface KeyVisitor {
    /** Borrows the raw key, for the length of the call; the ClockTime is 0 without a copy. */
    void visit(ByteBuf rawKey, long copyClockTime);
  }

  /** Without copies. */
  public ExtMultiGet(int count, ByteBuf keys) {
    this(count, keys, null);
  }

  public static ExtMultiGet decode(ByteBuf in) throws MalformedMessageException {
    int length = MsgPack.readArrayHeader(in, LENGTH);
    int count = MsgPack.readArrayHeader(in);
    int start = in.readerIndex();
    for (int i = 0; i < count; i++) {
      RawStrings.skipKey(in);
    }
    ByteBuf keys = in.slice(start, in.readerIndex() - start);
    return new ExtMultiGet(count, keys, length > LENGTH ? copies(in, count) : null);
  }

  private static ByteBuf copies(ByteBuf in, int count) throws MalformedMessageException {
    if (MsgPack.readArrayHeader(in) != count) {
      throw new MalformedMessageException("as many ClockTimes as keys are due");
    }
    int start = in.readerIndex();
    for (int i = 0; i < count; i++) {
      MsgPack.readUnsigned(in);
    }
    return in.slice(start, in.readerIndex() - start);
  }

  /** Shows the keys in their order. */
  public void forEach(KeyVisitor visitor) {
    ByteBuf in = keys.duplicate();
    ByteBuf clockTimes = copies == null ? null : copies.duplicate();
    int end = in.writerIndex();
    try {
      for (int i = 0; i < count; i++) {
        int keyEnd = MsgPack.readRawLength(in) + in.readerIndex();
        long copy = clockTimes == null ? 0 : MsgPack.readUnsigned(clockTimes);
        visitor.visit(in.writerIndex(keyEnd), copy);
        in.setIndex(keyEnd, end);
      }
    } catch (MalformedMessageException e) {
      throw new IllegalStateException("keys that were not checked", e);
    }
  }

  /** Appends what comes before the keys. */
  public static void encodeHead(ByteBuf out, int count, boolean withCopies) {
    MsgPack.writeArrayHeader(out, withCopies ? LENGTH + 1 : LENGTH);
    MsgPack.writeArrayHeader(out, count);
  }

  @Override
  public Method method() {
    return Method.EXT_MULTI_GET;
  }

  @Override
  public void encode(ByteBuf out) {
    encodeHead(out, count, copies != null);
    out.writeBytes(keys, keys.readerIndex(), keys.readableBytes());
    if (copies != null) {
      MsgPack.writeArrayHeader(out, count);
      out.writeBytes(copies, copies.readerIndex(), copies.readableBytes());
    }
  }
}
