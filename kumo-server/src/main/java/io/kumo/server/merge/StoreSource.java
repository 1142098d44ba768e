package io.kumo.server.merge;

import io.kumo.core.file.PrivateFiles;
import io.kumo.core.tokyo.OriginalStore;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.disk.OverlayDisk;
import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store of ours that no server has open, or a backup of one; it is not changed. */
final class StoreSource implements MergeSource {
  private static final String DATA_FILES = "records.";
  private static final ScanLimits PORTION = ScanLimits.records(1024, 16 << 20);

  private final Path path;
  private final Path copies;
  private final OverlayDisk disk;
  private final StoreDirectory lock;
  private final MapDbStore store;

  private StoreSource(
      Path path, Path copies, OverlayDisk disk, StoreDirectory lock, MapDbStore store) {
    this.path = path;
    this.copies = copies;
    this.disk = disk;
    this.lock = lock;
    this.store = store;
  }

  static StoreSource open(Path path, Path scratch) throws IOException {
    Path copies = Files.createTempDirectory(scratch, ".kumomergedb-");
    OverlayDisk disk = new OverlayDisk(path, copies);
    StoreDirectory lock = null;
    try {
      lock = StoreDirectory.lock(path);
      StoreHeader header = StoreHeader.read(disk);
      if (header == null) {
        throw new IOException("it is no store");
      }
      MapDbStore store = MapDbStore.open(disk, header.node(), StoreOptions.defaults());
      return new StoreSource(path, copies, disk, lock, store);
    } catch (IOException | StoreException e) {
      if (lock != null) {
        lock.close();
      }
      PrivateFiles.deleteDirectory(copies);
      throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void read(OriginalStore.RecordConsumer consumer) throws IOException {
    Failure failure = new Failure();
    Cursor cursor = Cursor.all();
    while (!cursor.isDone()) {
      cursor =
          store.scan(
              cursor,
              PORTION,
              (rawKey, rawValue, length) -> {
                byte[] key = ByteBufUtil.getBytes(rawKey);
                byte[] value = ByteBufUtil.getBytes(rawValue);
                return failure.run(() -> consumer.record(RecordKind.of(key, value), key, value));
              });
      failure.throwAny();
    }
  }

  @Override
  public long expectedRecords() {
    return store.liveCount() + store.tombstoneCount();
  }

  @Override
  public long bytes() {
    long bytes = 0;
    try (Stream<Path> files = Files.list(path)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        bytes += file.toFile().length();
      }
    } catch (IOException e) {
      throw new StoreException(StoreException.Code.IO, path + ": " + e.getMessage(), e);
    }
    return bytes;
  }

  @Override
  public String note() {
    return store.recoveryReport().isDamaged()
        ? "it is damaged: %d records and %d bytes of its redo log cannot be read"
            .formatted(
                store.recoveryReport().damagedRecords(), store.recoveryReport().damagedLogBytes())
        : "";
  }

  @Override
  public void close() throws IOException {
    disk.drop(name -> name.startsWith(DATA_FILES));
    try {
      store.close();
    } finally {
      lock.close();
      PrivateFiles.deleteDirectory(copies);
    }
  }

  /** What a visitor, which may not throw it, met. */
  private static final class Failure {
    private @Nullable IOException met;

    private interface Visit {
      void run() throws IOException;
    }

    boolean run(Visit work) {
      try {
        work.run();
        return true;
      } catch (IOException e) {
        met = e;
        return false;
      }
    }

    void throwAny() throws IOException {
      if (met != null) {
        throw met;
      }
    }
  }
}
