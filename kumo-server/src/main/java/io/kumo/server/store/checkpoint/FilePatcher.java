package io.kumo.server.store.checkpoint;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.mapdb.JournalChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the entries of journal chunks into a data file. Entries that lie close together go with
 * one write: what is between them is read first and written as it is, since a call costs more than
 * to move some kilobytes. One thread.
 */
final class FilePatcher {
  private static final int REGION_BYTES = 1 << 16;

  /** What is moved at most to spare a call. */
  private static final int MAX_GAP_BYTES = 4096;

  private @Nullable ByteBuffer region;

  /** Applies a chunk whose limit is its end, in its order. */
  void apply(ByteBuffer chunk, DiskFile data) throws IOException {
    int end = chunk.limit();
    int at = JournalChunk.HEADER_BYTES;
    while (at < end) {
      long from = chunk.getLong(at);
      long to = from + length(chunk, at);
      int next = after(chunk, at);
      while (next < end && isNear(chunk, next, from, to)) {
        to = Math.max(to, chunk.getLong(next) + length(chunk, next));
        next = after(chunk, next);
      }
      if (next == after(chunk, at)) {
        int content = at + JournalChunk.ENTRY_HEADER_BYTES;
        data.write(from, chunk.limit(next).position(content));
        chunk.limit(end);
      } else {
        writeTogether(chunk, at, next, from, (int) (to - from), data);
      }
      at = next;
    }
    chunk.position(0);
  }

  private static int length(ByteBuffer chunk, int entry) {
    return chunk.getInt(entry + Long.BYTES);
  }

  private static int after(ByteBuffer chunk, int entry) {
    return entry + JournalChunk.ENTRY_HEADER_BYTES + length(chunk, entry);
  }

  private static boolean isNear(ByteBuffer chunk, int entry, long from, long to) {
    long offset = chunk.getLong(entry);
    return to <= from + REGION_BYTES
        && offset >= from
        && offset <= to + MAX_GAP_BYTES
        && offset + length(chunk, entry) <= from + REGION_BYTES;
  }

  private void writeTogether(
      ByteBuffer chunk, int first, int end, long from, int bytes, DiskFile data)
      throws IOException {
    ByteBuffer together = region;
    if (together == null) {
      together = ByteBuffer.allocateDirect(REGION_BYTES);
      region = together;
    }
    data.read(from, together.clear().limit(bytes));
    while (together.hasRemaining()) {
      together.put((byte) 0); // The file is not so long yet.
    }
    for (int entry = first; entry < end; entry = after(chunk, entry)) {
      int to = (int) (chunk.getLong(entry) - from);
      together.put(to, chunk, entry + JournalChunk.ENTRY_HEADER_BYTES, length(chunk, entry));
    }
    data.write(from, together.flip());
  }
}
