package io.kumo.gateway.memcached;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the replies of one connection until its batch of events ends. Small values are copied
 * beside their headers; a large one goes out as it is, between two buffers.
 */
public final class ReplyOutput {
  /** From here on copying a value costs more than another entry in the gathering write. */
  private static final int LARGE_VALUE_BYTES = 16 * 1024;

  private static final int FIRST_BYTES = 256;
  private static final int MAX_FIRST_BYTES = 64 * 1024;

  private final ByteBufAllocator allocator;
  private final Consumer<ByteBuf> sink;
  private @Nullable ByteBuf buffer;
  private int firstBytes = FIRST_BYTES;

  /**
   * @param sink takes buffers in order, for a later flush
   */
  public ReplyOutput(ByteBufAllocator allocator, Consumer<ByteBuf> sink) {
    this.allocator = allocator;
    this.sink = sink;
  }

  /** Lends the buffer to append to. Ask again after each {@link #value}. */
  public ByteBuf buffer() {
    if (buffer == null) {
      buffer = allocator.directBuffer(firstBytes);
    }
    return buffer;
  }

  /** Appends a value. Borrows it. */
  public void value(ByteBuf value) {
    int length = value.readableBytes();
    if (length < LARGE_VALUE_BYTES) {
      buffer().writeBytes(value, value.readerIndex(), length);
      return;
    }
    pass();
    sink.accept(value.retainedSlice());
  }

  /** Hands what was gathered to the sink. */
  public void pass() {
    if (buffer == null) {
      return;
    }
    int bytes = buffer.readableBytes();
    forecast(bytes);
    ByteBuf full = buffer;
    buffer = null;
    if (bytes == 0) {
      full.release();
    } else {
      sink.accept(full);
    }
  }

  /** With an eighth to spare: a buffer that grows is copied, and takes twice the room. */
  private void forecast(int bytes) {
    int wanted = bytes + bytes / 8;
    int next = wanted > firstBytes ? wanted : firstBytes - (firstBytes - wanted) / 8;
    firstBytes = Math.min(MAX_FIRST_BYTES, Math.max(FIRST_BYTES, next));
  }

  public void discard() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
