package io.kumo.gateway.memcached;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What is still to come behind the head of a request: its value, or bytes that nobody wants. Owns
 * the request while its value arrives. Confined to its event loop.
 */
public final class PendingValue {
  private final ValueReader values = new ValueReader();
  private @Nullable McCommand request;
  private long skipBytes;

  /** Takes a request whose value, {@code length} bytes, comes next. */
  public void begin(McCommand command, int length) {
    request = command;
    values.begin(length);
  }

  /** Whether a value is arriving. */
  public boolean isArriving() {
    return request != null;
  }

  /** Gives the request back with its value when that has arrived whole; null before. Borrows. */
  public @Nullable McCommand read(ByteBuf in) {
    McCommand command = request;
    ByteBuf value = command == null ? null : values.read(in);
    if (command == null || value == null) {
      return null;
    }
    request = null;
    command.request().value(value);
    return command;
  }

  /** What comes next is skipped; see {@link #skip}. */
  public void skipNext(long bytes) {
    skipBytes = bytes;
  }

  /** Skips what has arrived of it; returns whether that is all. Borrows. */
  public boolean skip(ByteBuf in) {
    if (skipBytes > 0) {
      int skipped = (int) Math.min(skipBytes, in.readableBytes());
      in.skipBytes(skipped);
      skipBytes -= skipped;
    }
    return skipBytes == 0;
  }

  /** Bytes of memory that the value takes. */
  public int heldBytes() {
    return values.heldBytes();
  }

  /** Bytes that have not arrived yet. */
  public long missingBytes() {
    return request == null ? skipBytes : values.missingBytes();
  }

  /** Bytes of memory that the value takes more when it grows next. */
  public int growthBytes() {
    return request == null ? 0 : values.growthBytes();
  }

  /**
   * Gives up the value for want of memory: the rest of it is skipped.
   *
   * @return its request, answered; null when none is arriving
   */
  public @Nullable McCommand giveUp() {
    McCommand command = request;
    if (command == null) {
      return null;
    }
    request = null;
    skipBytes = values.giveUp();
    return command.answer(McStatus.OUT_OF_MEMORY);
  }

  /** The connection is gone. */
  public void close() {
    values.close();
    if (request != null) {
      request.recycle();
      request = null;
    }
  }
}
