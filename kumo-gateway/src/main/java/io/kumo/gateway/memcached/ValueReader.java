package io.kumo.gateway.memcached;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Collects a value of known length. One that has arrived whole is taken as a slice of the network
 * buffer; one in pieces is gathered in a buffer that grows with what has really arrived. Confined
 * to its event loop.
 */
public final class ValueReader {
  private static final int FIRST_BYTES = 64 * 1024;

  private @Nullable ByteBuf gathered;
  private int wanted;

  /** Begins a value of {@code length} bytes. */
  public void begin(int length) {
    wanted = length;
  }

  /** Consumes from {@code in}; returns the whole value, for the caller to release, or null. */
  public @Nullable ByteBuf read(ByteBuf in) {
    ByteBuf value = gathered;
    if (value == null) {
      if (in.readableBytes() >= wanted) {
        return in.readRetainedSlice(wanted);
      }
      value = allocate(in.alloc());
    }
    int missing = wanted - value.readableBytes();
    value.writeBytes(in, Math.min(missing, in.readableBytes()));
    if (value.readableBytes() < wanted) {
      return null;
    }
    gathered = null;
    return value;
  }

  private ByteBuf allocate(ByteBufAllocator allocator) {
    gathered = allocator.directBuffer(Math.min(wanted, FIRST_BYTES), wanted);
    return gathered;
  }

  /** Gives up what was gathered. */
  public void close() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }
}
