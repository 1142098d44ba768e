package io.kumo.server.store.mapdb;

import java.nio.ByteBuffer;

/**
 * A piece of a journal in memory: entries of 8 bytes offset, 4 bytes length, content. The layout is
 * in docs/internals/storage.md.
 */
public final class JournalChunk {
  public static final int HEADER_BYTES = 32;
  public static final int ENTRY_HEADER_BYTES = 12;

  /** Units that always fit into an empty chunk, each as an entry of its own. */
  static final int MAX_UNITS = 1024;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(
          HEADER_BYTES + MAX_UNITS * (ENTRY_HEADER_BYTES + CheckpointVolume.UNIT_BYTES));

  public JournalChunk() {
    reset();
  }

  public void reset() {
    buffer.clear().position(HEADER_BYTES);
  }

  public boolean isEmpty() {
    return buffer.position() == HEADER_BYTES;
  }

  /** Adds units whose content stands in a buffer from an index on. */
  void add(long offset, ByteBuffer from, int index, int units) {
    if (!addBytes(offset, from, index, units << CheckpointVolume.UNIT_SHIFT)) {
      throw new IllegalStateException("no room for %d units".formatted(units));
    }
  }

  /** Adds bytes of a buffer from an index on, unless there is no room for them. */
  public boolean addBytes(long offset, ByteBuffer from, int index, int bytes) {
    if (buffer.remaining() < ENTRY_HEADER_BYTES + bytes) {
      return false;
    }
    buffer.putLong(offset).putInt(bytes);
    buffer.put(buffer.position(), from, index, bytes);
    buffer.position(buffer.position() + bytes);
    return true;
  }

  /** Header and content; the journal fills the header in. */
  public ByteBuffer buffer() {
    return buffer;
  }
}
