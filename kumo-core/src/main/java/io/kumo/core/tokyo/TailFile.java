package io.kumo.core.tokyo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file that grows at its end, where it is buffered, and is read and patched anywhere. */
final class TailFile implements Closeable {
  private static final int TAIL_BYTES = 1 << 20;

  private final FileChannel channel;
  private final ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES);
  private long tailStart;

  /** Takes the channel; the file is {@code start} bytes long. */
  TailFile(FileChannel channel, long start) {
    this.channel = channel;
    this.tailStart = start;
  }

  long end() {
    return tailStart + tail.position();
  }

  void append(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() > tail.remaining()) {
      flush();
    }
    if (bytes.remaining() > tail.remaining()) {
      int length = bytes.remaining();
      writeFully(bytes, tailStart);
      tailStart += length;
    } else {
      tail.put(bytes);
    }
  }

  /** Returns up to {@code length} bytes, fewer only at the end. */
  ByteBuffer read(long offset, int length) throws IOException {
    int available = (int) Math.min(length, end() - offset);
    ByteBuffer bytes = ByteBuffer.allocate(available);
    if (offset >= tailStart) {
      bytes.put(0, tail.array(), (int) (offset - tailStart), available);
      return bytes;
    }
    if (offset + available > tailStart) {
      flush();
    }
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw TchException.at(offset, "the file ends too early");
      }
    }
    return bytes.flip();
  }

  /** Overwrites bytes that are there already. */
  void patch(long offset, ByteBuffer bytes) throws IOException {
    if (offset >= tailStart) {
      int length = bytes.remaining();
      bytes.get(tail.array(), (int) (offset - tailStart), length);
      return;
    }
    if (offset + bytes.remaining() > tailStart) {
      flush();
    }
    writeFully(bytes, offset);
  }

  /** Writes all to the disk itself. */
  void sync() throws IOException {
    flush();
    channel.force(true);
  }

  private void flush() throws IOException {
    int length = tail.position();
    writeFully(tail.flip(), tailStart);
    tail.clear();
    tailStart += length;
  }

  private void writeFully(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
