package io.kumo.server.store.snapshot;

import io.kumo.core.guard.Guard;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.log.SegmentSupply;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes kept records to the disk, on a thread of its own, while a snapshot is open. The files are
 * not synced: with the process the snapshot is gone, too.
 */
public final class SnapshotKeeper {
  private static final Logger log = LoggerFactory.getLogger(SnapshotKeeper.class);

  /** Of a file that the next start of the store deletes. */
  private static final String NAME = "snapshot-%016x.%d.new";

  private final Disk disk;
  private final KeptRecords kept;
  private final Supplier<@Nullable String> fullness;
  private final Thread thread;
  private int count;

  /**
   * @param fullness why nothing more is to be written to the disk; null while it is not so
   */
  public SnapshotKeeper(Disk disk, KeptRecords kept, Supplier<@Nullable String> fullness) {
    this.disk = disk;
    this.kept = kept;
    this.fullness = fullness;
    this.thread = Guard.ofProcess().thread("kumo-snapshot", this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      NavigableMap<byte[], byte[]> full = kept.awaitFull();
      while (full != null) {
        write(full);
        full = kept.awaitFull();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kept.fail("nothing more can be kept: " + e);
    } finally {
      kept.close();
      end();
    }
  }

  private void write(NavigableMap<byte[], byte[]> full) {
    String reason = fullness.get();
    if (reason != null) {
      kept.fail(reason);
      return;
    }
    try {
      KeptRun run = KeptRun.write(disk, NAME.formatted(kept.clockTime(), count++), full);
      if (!kept.written(run)) {
        run.close();
      }
    } catch (IOException e) {
      kept.fail("what was overwritten could not be kept: " + e.getMessage());
    }
  }

  /** Nobody keeps or reads anything any more. */
  private void end() {
    List<KeptRun> runs = kept.takeRuns();
    kept.readers().lock();
    try {
      for (KeptRun run : runs) {
        run.close();
      }
    } catch (IOException e) {
      log.warn("a file of a snapshot stays until the next start: {}", e.getMessage());
    } finally {
      kept.readers().unlock();
    }
  }

  /** Lets go of everything, and waits until that is done. Blocks. */
  public void close() {
    kept.close();
    SegmentSupply.joinUninterruptibly(thread);
  }
}
