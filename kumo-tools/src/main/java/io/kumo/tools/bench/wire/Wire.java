package io.kumo.tools.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one connection as its codec sees them. Never blocks; confined to one thread. */
public interface Wire extends AutoCloseable {
  int MAX_BUFFER_BYTES = 64 << 20;

  /**
   * Appends what has come, all of it that can be seen by now.
   *
   * @param into ready to be written to
   * @return {@code into}, or a larger one with the same content in its place
   * @throws IOException when nothing will come any more
   */
  ByteBuffer read(ByteBuffer into) throws IOException;

  /**
   * Takes what it can.
   *
   * @param from ready to be read from
   * @return whether all of it has gone; if not it has to be called again once the channel is
   *     writable, even if {@code from} is empty by then
   */
  boolean write(ByteBuffer from) throws IOException;

  /** The connection ends at once. */
  @Override
  void close() throws IOException;

  /** A larger buffer with the same content, for as many more bytes at least. */
  static ByteBuffer grown(ByteBuffer buffer, int moreBytes) {
    long wanted = Math.max(2L * buffer.capacity(), (long) buffer.position() + moreBytes);
    if (wanted > MAX_BUFFER_BYTES) {
      throw new IllegalStateException("more than " + MAX_BUFFER_BYTES + " bytes under way");
    }
    return ByteBuffer.allocateDirect((int) wanted).put(buffer.flip());
  }
}
