package io.kumo.server.store.shard;

import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.RecordFormat;

/**
 * Looks at the checksums of the chunks of a large value, a megabyte under each hold of the lock of
 * its shard, so that writers do not wait for the whole.
 */
final class LargeValueCheck {
  private static final int CHUNKS_AT_ONCE = 16;

  private final Shard shard;
  private final int generation;
  private final long recid;
  private int nextChunk;
  private long lsn;
  private boolean sound = true;

  private LargeValueCheck(Shard shard, int generation, long recid) {
    this.shard = shard;
    this.generation = generation;
    this.recid = recid;
  }

  /**
   * Keeps in mind what is damaged.
   *
   * @param recid of the head
   * @return true also for a record that is replaced or moved meanwhile
   */
  static boolean isSound(Shard shard, ScanPage page, long recid) {
    LargeValueCheck check = new LargeValueCheck(shard, page.generation(), recid);
    boolean more = true;
    while (more) {
      more = check.lookAtSome();
    }
    return check.sound;
  }

  /** Returns whether there are more. */
  private boolean lookAtSome() {
    shard.lock().lock();
    try {
      if (shard.generation() != generation) {
        return false;
      }
      shard.checkOpen();
      RecordFile file = shard.data().file();
      return isStillThere(file) && look(file);
    } finally {
      shard.lock().unlock();
    }
  }

  private boolean isStillThere(RecordFile file) {
    if (!file.isPresent(recid) || file.kind() != RecordFormat.HEAD || !file.isSound()) {
      return false;
    }
    boolean same = nextChunk == 0 || file.lsn() == lsn;
    lsn = file.lsn();
    return same;
  }

  private boolean look(RecordFile file) {
    int chunks = RecordFormat.chunkCount(file.valueLength());
    int to = Math.min(chunks, nextChunk + CHUNKS_AT_ONCE);
    if (!file.hasSoundChunks(nextChunk, to)) {
      sound = false;
      file.open(recid);
      shard.foundDamaged(recid);
      return false;
    }
    nextChunk = to;
    return to < chunks;
  }
}
