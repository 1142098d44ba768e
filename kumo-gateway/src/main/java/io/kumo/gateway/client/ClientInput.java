package io.kumo.gateway.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a client's bytes: the head of one request, or the input of a paused connection.
 * Owns the buffer that they are in. Confined to its event loop.
 */
final class ClientInput {
  /** Bytes in a larger buffer are moved out of it when they fill a quarter or less. */
  private static final int COMPACT_BYTES = 8 * 1024;

  private @Nullable ByteBuf bytes;

  /** Takes what was read. */
  void add(ByteBufAllocator allocator, ByteBuf more) {
    bytes = bytes == null ? more : append(allocator, bytes, more);
  }

  private static ByteBuf append(ByteBufAllocator allocator, ByteBuf rest, ByteBuf more) {
    int length = rest.readableBytes() + more.readableBytes();
    ByteBuf joined;
    if (rest.refCnt() == 1 && rest.maxFastWritableBytes() >= more.readableBytes()) {
      joined = rest;
    } else {
      joined = allocator.directBuffer(length + length / 2);
      joined.writeBytes(rest);
      rest.release();
    }
    joined.writeBytes(more);
    more.release();
    return joined;
  }

  boolean isEmpty() {
    return bytes == null || !bytes.isReadable();
  }

  /** Lends the bytes, of which there are some. */
  ByteBuf bytes() {
    return Objects.requireNonNull(bytes, "nothing is left");
  }

  /** Bytes of memory that it takes. */
  long heldBytes() {
    return bytes == null ? 0 : bytes.capacity();
  }

  /** Gives back the memory that nothing is left in. */
  void tidy(ByteBufAllocator allocator) {
    ByteBuf rest = bytes;
    if (isEmpty()) {
      release();
    } else if (rest != null
        && rest.capacity() > Math.max(COMPACT_BYTES, 4 * rest.readableBytes())) {
      bytes = allocator.directBuffer(rest.readableBytes()).writeBytes(rest);
      rest.release();
    }
  }

  void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }
}
