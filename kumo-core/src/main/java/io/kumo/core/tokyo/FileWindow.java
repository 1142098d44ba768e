package io.kumo.core.tokyo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Reads a file front to back with few system calls and a bounded buffer. Not thread-safe. */
final class FileWindow {
  private static final int WINDOW_BYTES = 1 << 18;

  private final FileChannel channel;
  private final long end;
  private final ByteBuffer buffer = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long start;

  /**
   * Borrows the channel.
   *
   * @param end nothing is read beyond
   */
  FileWindow(FileChannel channel, long end, ByteOrder order) {
    this.channel = channel;
    this.end = end;
    buffer.order(order);
  }

  /**
   * Returns what stands at an offset, up to {@code length} bytes, fewer only at the end; good until
   * the next call.
   */
  ByteBuffer at(long offset, int length) throws IOException {
    int available = (int) Math.min(length, end - offset);
    int filled = buffer.limit();
    if (offset < start || offset + available > start + filled) {
      fill(offset, available);
    }
    int from = (int) (offset - start);
    return buffer.slice(from, available).order(buffer.order());
  }

  /** Returns a copy of {@code length} bytes, which must lie before the end. */
  byte[] bytes(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, WINDOW_BYTES);
      at(offset + done, part).get(bytes, done, part);
      done += part;
    }
    return bytes;
  }

  private void fill(long offset, int least) throws IOException {
    start = offset;
    buffer.clear().limit((int) Math.min(WINDOW_BYTES, end - offset));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        break;
      }
    }
    buffer.flip();
    if (buffer.limit() < least) {
      throw TchException.at(offset + buffer.limit(), "the file ends too early");
    }
  }
}
