package io.kumo.it.sim.disk;

import io.kumo.server.store.Cursor;
import io.kumo.server.store.Modification;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.RequestVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreSnapshot;
import io.kumo.server.store.StoreStatistics;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.WriteResult;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link Disk} as one process sees it. */
public final class DiskStore implements Store {
  private static final long SYNC_TAKES_NS = Duration.ofMillis(1).toNanos();

  private final Disk disk;
  private final int process;
  private boolean closed;

  DiskStore(Disk disk, int process) {
    this.disk = disk;
    this.process = process;
  }

  private void checkOpen() {
    if (closed || !disk.isCurrent(process)) {
      throw new StoreException(StoreException.Code.CLOSED, "the store is closed");
    }
  }

  @Override
  public @Nullable ByteBuf get(ByteBuf rawKey) {
    checkOpen();
    return disk.records().get(rawKey);
  }

  @Override
  public long clockTime(ByteBuf rawKey) {
    checkOpen();
    return disk.records().clockTime(rawKey);
  }

  @Override
  public WriteResult update(
      ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    checkOpen();
    return change(
        rawKey,
        records -> records.update(rawKey, rawValue, gatewayIncarnation, sequence),
        gatewayIncarnation,
        sequence);
  }

  @Override
  public WriteResult modify(
      ByteBuf rawKey, Modification modification, long gatewayIncarnation, long sequence) {
    checkOpen();
    return change(
        rawKey,
        records -> records.modify(rawKey, modification, gatewayIncarnation, sequence),
        gatewayIncarnation,
        sequence);
  }

  private WriteResult change(
      ByteBuf rawKey,
      Function<MemoryStore, WriteResult> work,
      long gatewayIncarnation,
      long sequence) {
    disk.willChange(rawKey);
    WriteResult result;
    try {
      result = work.apply(disk.records());
    } catch (StoreException e) {
      disk.didNotChange();
      throw e;
    }
    if (!result.stored()) {
      disk.didNotChange();
    } else if (gatewayIncarnation != 0) {
      disk.log(
          new Disk.LoggedRequest(
              Disk.copy(rawKey),
              result.clockTime(),
              gatewayIncarnation,
              sequence,
              result.position()));
    }
    return result;
  }

  @Override
  public boolean removeIf(ByteBuf rawKey, long clockTime) {
    checkOpen();
    disk.willChange(rawKey);
    boolean removed = disk.records().removeIf(rawKey, clockTime);
    if (!removed) {
      disk.didNotChange();
    }
    return removed;
  }

  @Override
  public Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor) {
    checkOpen();
    return disk.records().scan(from, limits, visitor);
  }

  @Override
  public @Nullable String fullness() {
    return disk.records().fullness();
  }

  @Override
  public long liveCount() {
    return disk.records().liveCount();
  }

  @Override
  public long tombstoneCount() {
    return disk.records().tombstoneCount();
  }

  @Override
  public long largestClockTime() {
    return disk.records().largestClockTime();
  }

  @Override
  public long position() {
    return disk.records().position();
  }

  @Override
  public void whenDurable(long position, Executor executor, SyncListener listener) {
    if (disk.mode() == FsyncMode.EVERYSEC || position <= disk.syncedPosition()) {
      listener.synced(null);
      return;
    }
    disk.events()
        .schedule(
            SYNC_TAKES_NS,
            () -> {
              if (disk.isCurrent(process)) {
                disk.sync();
                executor.execute(() -> listener.synced(null));
              }
            });
  }

  @Override
  public void sync() {
    disk.sync();
  }

  @Override
  public void putState(String name, byte[] bytes, Executor executor, SyncListener listener) {
    checkOpen();
    save(name, bytes.clone(), () -> {}, executor, listener);
  }

  @Override
  public void putStateAfterSync(
      String name, byte[] bytes, Executor executor, SyncListener listener) {
    checkOpen();
    save(name, bytes.clone(), disk::sync, executor, listener);
  }

  private void save(
      String name, byte[] content, Runnable before, Executor executor, SyncListener listener) {
    disk.events()
        .schedule(
            SYNC_TAKES_NS,
            () -> {
              if (disk.isCurrent(process)) {
                before.run();
                disk.states().put(name, content);
                executor.execute(() -> listener.synced(null));
              }
            });
  }

  /** While a process starts, before it hears of anybody. */
  @Override
  public void putState(String name, byte[] bytes) {
    checkOpen();
    disk.states().put(name, bytes.clone());
  }

  @Override
  public byte @Nullable [] state(String name) {
    byte[] bytes = disk.states().get(name);
    return bytes == null ? null : bytes.clone();
  }

  @Override
  public void recentRequests(RequestVisitor visitor) {
    for (Disk.LoggedRequest request : disk.requests()) {
      visitor.visit(
          request.key().duplicate(),
          request.clockTime(),
          request.gatewayIncarnation(),
          request.sequence());
    }
  }

  @Override
  public StoreStatistics statistics() {
    return disk.records().statistics();
  }

  @Override
  public void backup(Path directory) {
    disk.records().backup(directory);
  }

  @Override
  public StoreSnapshot openSnapshot(long clockTime) {
    return disk.records().openSnapshot(clockTime);
  }

  @Override
  public void compact() {}

  @Override
  public void close() {
    if (!closed && disk.isCurrent(process)) {
      disk.sync();
      disk.forgetRequests();
    }
    closed = true;
  }
}
