package io.kumo.server.store.engine;

import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreSnapshot;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.RealDisk;
import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.shard.Shard;
import io.kumo.server.store.snapshot.KeptRecords;
import io.kumo.server.store.snapshot.MergedSnapshot;
import io.kumo.server.store.snapshot.SnapshotKeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Long work on an open store, of which at most one of a kind runs at a time; closing waits for it.
 * Any thread; blocks.
 */
final class StoreMaintenance {
  /** What is kept for a snapshot may be twice this part of what may be dirty. */
  private static final int SNAPSHOT_SHARE = 8;

  private final OpenStore open;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Object backupLock = new Object();
  private final Object compactLock = new Object();
  private final AtomicReference<@Nullable SnapshotKeeper> snapshot = new AtomicReference<>();

  StoreMaintenance(OpenStore open) {
    this.open = open;
  }

  void backup(Path target) {
    checkOpen();
    try {
      StoreDirectory locked = StoreDirectory.lock(target);
      try {
        backup(new RealDisk(target));
      } finally {
        locked.close();
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Code.IO, "the backup to %s failed: %s".formatted(target, e), e);
    }
  }

  void backup(Disk target) throws IOException {
    synchronized (backupLock) {
      open.states.flush();
      List<String> names = open.disk.list().stream().filter(StateFiles::isState).toList();
      new Backup(open.disk, open.header, open.units, open.log, open.checkpointer)
          .writeTo(target, names);
    }
  }

  /** Does not block. */
  StoreSnapshot openSnapshot(Store store, long clockTime) {
    checkOpen();
    KeptRecords kept = new KeptRecords(clockTime, open.options.dirtyMemoryBytes() / SNAPSHOT_SHARE);
    SnapshotKeeper keeper = new SnapshotKeeper(open.disk, kept, open.gate::refusal);
    if (!snapshot.compareAndSet(null, keeper)) {
      throw new StoreException(StoreException.Code.BUSY, "another snapshot is open");
    }
    open.shards.forEach(shard -> shard.keepFor(kept));
    keeper.start();
    return new MergedSnapshot(store, kept, () -> end(keeper, kept));
  }

  private void end(SnapshotKeeper keeper, KeptRecords kept) {
    kept.close();
    if (snapshot.compareAndSet(keeper, null)) {
      open.shards.forEach(shard -> shard.keepFor(null));
    }
  }

  void compact(Store.CompactProgress progress) {
    synchronized (compactLock) {
      Compactor compactor = new Compactor(open, open.roomMaker::wake);
      int done = 0;
      progress.rewritten(done, open.units.size());
      for (Checkpointer.Unit unit : open.units) {
        checkOpen();
        try {
          compactor.compact(unit);
        } catch (IOException e) {
          throw new StoreException(
              StoreException.Code.IO,
              "shard %d could not be rewritten and stays as it is: %s"
                  .formatted(unit.shard().number(), e),
              e);
        }
        progress.rewritten(++done, open.units.size());
      }
    }
  }

  /** Runs MapDB's own check over every data file; throws when one is unsound. For tests. */
  void verify() {
    for (Shard shard : open.shards) {
      shard.lock().lock();
      try {
        shard.data().file().verify();
      } finally {
        shard.lock().unlock();
      }
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new StoreException(StoreException.Code.CLOSED, "the store is closed");
    }
  }

  /** Waits for what runs, and then closes everything; only the first time. */
  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    open.shards.forEach(Shard::stop);
    SnapshotKeeper keeper = snapshot.get();
    if (keeper != null) {
      keeper.close();
    }
    synchronized (compactLock) {
      synchronized (backupLock) {
        open.close();
      }
    }
  }
}
