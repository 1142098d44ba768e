package io.kumo.server.store.engine;

import io.kumo.server.store.StoreException;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.disk.SmallFile;
import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.log.LogFormat;
import io.kumo.server.store.log.LogSegment;
import io.kumo.server.store.log.RedoLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a store into another directory while reads and writes go on: each data file as a
 * checkpoint just left it, with the next one held back while it is copied, and then the redo log
 * from the oldest of these checkpoints to the present. Opening the copy is an ordinary recovery.
 *
 * <p>Until its header is written, last of all, the copy is no store.
 */
final class Backup {
  private static final int COPY_BYTES = 1 << 20;

  private final Disk source;
  private final StoreHeader header;
  private final List<Checkpointer.Unit> units;
  private final RedoLog log;
  private final Checkpointer checkpointer;

  Backup(
      Disk source,
      StoreHeader header,
      List<Checkpointer.Unit> units,
      RedoLog log,
      Checkpointer checkpointer) {
    this.source = source;
    this.header = header;
    this.units = units;
    this.log = log;
    this.checkpointer = checkpointer;
  }

  /** Writes the copy into an empty directory; blocks. */
  void writeTo(Disk target, List<String> stateNames) throws IOException {
    List<String> present = new ArrayList<>(target.list());
    present.remove(StoreDirectory.LOCK);
    if (!present.isEmpty()) {
      throw new StoreException(
          StoreException.Code.FOREIGN,
          "%s is not empty; give the backup a new directory".formatted(target.describe()));
    }
    StoreHeader.beginMaking(target);
    log.pin(0);
    try {
      long oldest = copyRecords(target);
      copyLog(target, oldest);
    } finally {
      log.unpin(0);
    }
    for (String name : stateNames) {
      byte[] content = SmallFile.read(source, name);
      if (content != null) {
        SmallFile.write(target, name, content);
      }
    }
    header.write(target);
    StoreHeader.endMaking(target);
  }

  private long copyRecords(Disk target) throws IOException {
    long oldest = Long.MAX_VALUE;
    for (Checkpointer.Unit unit : units) {
      unit.checkpoint().running().lock();
      try {
        checkpointer.checkpoint(unit);
        oldest = Math.min(oldest, unit.checkpoint().durableMark());
        copy(unit.checkpoint().file(), target, ShardRecovery.recordsName(unit.shard().number()));
      } finally {
        unit.checkpoint().running().unlock();
      }
    }
    return oldest;
  }

  private static void copy(DiskFile from, Disk target, String name) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    try (DiskFile to = target.open(name)) {
      long size = from.size();
      for (long at = 0; at < size; at += COPY_BYTES) {
        buffer.clear();
        from.read(at, buffer);
        to.write(at, buffer.flip());
        FaultPoint.BACKUP_COPY.reach();
      }
      to.sync();
    }
  }

  private void copyLog(Disk target, long oldest) throws IOException {
    long end = log.end();
    for (LogSegment segment : log.segmentsFrom(oldest)) {
      if (segment.start() >= end) {
        break;
      }
      try (DiskFile to = target.open(LogFormat.segmentName(segment.number()))) {
        int used = (int) Math.min(header.segmentBytes(), end - segment.start());
        to.write(0, segment.memory().duplicate().limit(used).position(0));
        to.setSize(header.segmentBytes());
        to.sync();
      }
    }
  }
}
