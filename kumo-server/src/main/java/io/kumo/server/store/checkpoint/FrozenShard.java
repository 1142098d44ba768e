package io.kumo.server.store.checkpoint;

import io.kumo.server.store.mapdb.FrozenRecords;
import io.kumo.server.store.mapdb.FrozenUnits;
import io.kumo.server.store.mapdb.JournalChunk;
import io.kumo.server.store.mapdb.RecordFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one checkpoint of a shard writes: the units that had changed, and after them the deferred
 * records, which are newer than what a unit has in their places. Takes the lock of the shard for
 * small portions.
 */
final class FrozenShard {
  private static final int PORTION_RECORDS = 256;

  private final ReentrantLock lock;
  private final RecordFile file;
  private final FrozenRecords records;
  private final FrozenUnits units;
  private final long fileBytes;
  private boolean unitsLeft = true;

  /** Freezes a file; under the lock of its shard. */
  FrozenShard(ReentrantLock lock, RecordFile file) {
    this.lock = lock;
    this.file = file;
    records = file.deferred().freeze();
    units = file.volume().freeze();
    fileBytes = file.volume().length();
    file.volume().setAwaitsFile(true);
  }

  /** Length that the data file is to have. */
  long fileBytes() {
    return fileBytes;
  }

  /**
   * Moves some of it into an empty journal chunk.
   *
   * @return whether anything is left
   */
  boolean take(JournalChunk into, int maxUnits) {
    if (!unitsLeft) {
      return records.take(into);
    }
    lock.lock();
    try {
      unitsLeft = units.take(into, maxUnits);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /**
   * When the journal has all of it, or will not have it.
   *
   * @param written whether the journal is complete; if not, the next checkpoint writes all of it
   */
  void thaw(boolean written) {
    lock.lock();
    try {
      file.volume().thaw(written);
    } finally {
      lock.unlock();
    }
    if (!written) {
      endRecords(false);
    }
  }

  /** When the file has all of it. */
  void end() {
    endRecords(true);
  }

  private void endRecords(boolean written) {
    records.rewind();
    boolean more = true;
    while (more) {
      lock.lock();
      try {
        more = records.end(written, PORTION_RECORDS);
      } finally {
        lock.unlock();
      }
    }
    List<ByteBuffer> former;
    lock.lock();
    try {
      former = records.clear();
      file.volume().setAwaitsFile(false);
    } finally {
      lock.unlock();
    }
    records.letGo(former);
  }
}
