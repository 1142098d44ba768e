package io.kumo.server.store.log;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a log record, from which fragments are cut.
 *
 * @param rawKey borrowed
 * @param rawValue borrowed; null for none
 */
record LogBody(
    byte flags,
    long gatewayIncarnation,
    long sequence,
    ByteBuf rawKey,
    @Nullable ByteBuf rawValue) {
  int length() {
    return idLength() + keyLength() + (rawValue == null ? 0 : rawValue.readableBytes());
  }

  int keyLength() {
    return rawKey.readableBytes();
  }

  private int idLength() {
    return flags == 0 ? 0 : LogFormat.REQUEST_ID_BYTES;
  }

  /** Puts a part of the body into a buffer that has room for it. */
  void copy(int from, int length, ByteBuffer into) {
    int to = from + length;
    int keyStart = idLength();
    int valueStart = keyStart + keyLength();
    if (from == 0 && to >= keyStart && keyStart > 0) {
      into.putLong(gatewayIncarnation).putLong(sequence);
    } else if (from < keyStart) {
      ByteBuffer id = ByteBuffer.allocate(LogFormat.REQUEST_ID_BYTES);
      id.putLong(gatewayIncarnation).putLong(sequence).flip();
      into.put(id.limit(Math.min(to, keyStart)).position(from));
    }
    copy(rawKey, Math.max(from, keyStart) - keyStart, Math.min(to, valueStart) - keyStart, into);
    if (rawValue != null) {
      copy(rawValue, Math.max(from, valueStart) - valueStart, to - valueStart, into);
    }
  }

  private static void copy(ByteBuf source, int from, int to, ByteBuffer into) {
    if (from < to) {
      int limit = into.limit();
      into.limit(into.position() + to - from);
      source.getBytes(source.readerIndex() + from, into);
      into.limit(limit);
    }
  }
}
