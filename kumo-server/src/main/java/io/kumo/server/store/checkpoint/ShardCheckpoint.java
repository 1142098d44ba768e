package io.kumo.server.store.checkpoint;

import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.mapdb.JournalChunk;
import io.kumo.server.store.mapdb.RecordFile;
import io.kumo.server.store.mapdb.ShardMeta;
import io.kumo.server.store.shard.ShardData;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the data file of one shard up to date.
 *
 * <p>The order of writes: freeze what is dirty as of a log mark; sync the log up to the mark; write
 * the frozen units and records to the journal; sync it; write them to the file; sync it. Before the
 * journal is synced the file is as the last checkpoint left it; afterwards the journal makes it
 * whole. The mark counts when the file is synced.
 *
 * <p>Invariant: a journal that is complete and not wholly applied is applied before the next one is
 * begun, and what it holds stays frozen until then.
 */
public final class ShardCheckpoint {
  private static final int PORTION_UNITS = 256;

  private final int number;
  private final ReentrantLock running = new ReentrantLock();
  private DiskFile file;
  private final Journal journal;
  private final JournalChunk chunk = new JournalChunk();
  private @Nullable FrozenShard applyPending;
  private volatile long durableMark;
  private volatile long checkpointId;
  private final AtomicLong count = new AtomicLong();

  public ShardCheckpoint(int number, DiskFile file, Journal journal, ShardMeta meta) {
    this.number = number;
    this.file = file;
    this.journal = journal;
    durableMark = meta.mark();
    checkpointId = meta.checkpointId();
  }

  /**
   * Runs one checkpoint; blocks.
   *
   * @param shardLock held for the short steps in memory
   * @param data gives the present data, under the lock
   * @param mark gives the position up to which the data has every change, under the lock
   * @param log is synced up to the mark before anything depends on it
   */
  public void run(ReentrantLock shardLock, DataSource data, LongSupplier mark, LogSync log)
      throws IOException {
    running.lock();
    try {
      finishPending();
      long newId = ThreadLocalRandom.current().nextLong();
      long newMark;
      FrozenShard frozen;
      shardLock.lock();
      try {
        ShardData frozenData = data.get();
        newMark = mark.getAsLong();
        RecordFile records = frozenData.file();
        records.commit(new ShardMeta(number, newId, newMark, frozenData.counts()));
        frozen = new FrozenShard(shardLock, records);
      } finally {
        shardLock.unlock();
      }
      FaultPoint.FROZEN.reach();
      boolean written = false;
      try {
        log.sync(newMark);
        writeJournal(frozen);
        written = true;
      } finally {
        chunk.reset();
        frozen.thaw(written);
      }
      applyPending = frozen;
      apply(frozen);
      durableMark = newMark;
      checkpointId = newId;
      count.incrementAndGet();
    } finally {
      running.unlock();
    }
  }

  /** Gives the data of the shard. */
  public interface DataSource {
    ShardData get();
  }

  /** Makes the log durable up to a position. */
  public interface LogSync {
    void sync(long position);
  }

  private void writeJournal(FrozenShard frozen) throws IOException {
    journal.begin();
    boolean more = true;
    while (more) {
      more = frozen.take(chunk, PORTION_UNITS);
      if (!chunk.isEmpty()) {
        journal.write(chunk);
      }
    }
    journal.finish(frozen.fileBytes());
  }

  /** Applies a journal that is complete and has not wholly reached the file. */
  public void finishPending() throws IOException {
    FrozenShard pending = applyPending;
    if (pending != null) {
      apply(pending);
    }
  }

  private void apply(FrozenShard frozen) throws IOException {
    if (!journal.apply(file, FaultPoint.APPLY)) {
      throw new IOException("the journal of shard " + number + " cannot be read back");
    }
    FaultPoint.FILE_SYNCED.reach();
    frozen.end();
    applyPending = null;
  }

  /** Held while the file must not change: by a checkpoint, a backup, or a swap of the file. */
  public ReentrantLock running() {
    return running;
  }

  /** The next checkpoints are of another file. While {@link #running} is held. */
  public void replaceFile(DiskFile other, ShardMeta meta) {
    file = other;
    durableMark = meta.mark();
    checkpointId = meta.checkpointId();
  }

  public DiskFile file() {
    return file;
  }

  public Journal journal() {
    return journal;
  }

  /** The file has, durably, every change before this position. */
  public long durableMark() {
    return durableMark;
  }

  /** Id of the last whole checkpoint. */
  public long checkpointId() {
    return checkpointId;
  }

  /** Checkpoints since the store opened. */
  public long count() {
    return count.get();
  }
}
