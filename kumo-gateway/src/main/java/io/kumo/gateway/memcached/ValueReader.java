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
  private static final int LEAST_BYTES = 1024;

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
      if (!in.isReadable()) {
        return null;
      }
      value = allocate(in.alloc(), in.readableBytes());
    }
    int missing = wanted - value.readableBytes();
    value.writeBytes(in, Math.min(missing, in.readableBytes()));
    if (value.readableBytes() < wanted) {
      return null;
    }
    gathered = null;
    return value;
  }

  private ByteBuf allocate(ByteBufAllocator allocator, int arrived) {
    int first = Math.min(wanted, Math.max(LEAST_BYTES, 2 * arrived));
    gathered = allocator.directBuffer(first, wanted);
    return gathered;
  }

  /** Bytes of memory that the unfinished value takes: at most twice what has arrived of it. */
  public int heldBytes() {
    return gathered == null ? 0 : gathered.capacity();
  }

  /** Bytes that it takes more when it grows next: it doubles, but not beyond its end. */
  public int growthBytes() {
    int held = heldBytes();
    return Math.min(held, wanted - held);
  }

  /** Bytes of the value that have not arrived yet. */
  public int missingBytes() {
    return gathered == null ? wanted : wanted - gathered.readableBytes();
  }

  /** Gives up what was gathered; returns how many bytes of the value have not arrived yet. */
  public int giveUp() {
    int missing = missingBytes();
    close();
    return missing;
  }

  /** Gives up what was gathered. */
  public void close() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }
}
