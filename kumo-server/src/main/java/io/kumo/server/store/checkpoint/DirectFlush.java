package io.kumo.server.store.checkpoint;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.mapdb.FrozenUnits;
import io.kumo.server.store.mapdb.JournalChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the frozen units of a volume to its file without a journal: for a file that nobody relies
 * on yet.
 */
public final class DirectFlush {
  private static final int PORTION_UNITS = 256;

  private final JournalChunk chunk = new JournalChunk();
  private final FilePatcher patcher = new FilePatcher();

  /** Takes the units in small portions under the lock and writes them without it. */
  public void write(FrozenUnits frozen, ReentrantLock shardLock, DiskFile file) throws IOException {
    boolean more = true;
    while (more) {
      chunk.reset();
      shardLock.lock();
      try {
        more = frozen.take(chunk, PORTION_UNITS);
      } finally {
        shardLock.unlock();
      }
      ByteBuffer entries = chunk.buffer().flip();
      patcher.apply(entries, file);
    }
  }
}
