package io.kumo.server.store.engine;

import io.kumo.core.clock.TimeSource;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.FsyncPolicy;
import io.kumo.server.store.Modification;
import io.kumo.server.store.RawRecords;
import io.kumo.server.store.ReadAhead;
import io.kumo.server.store.RecordVisitor;
import io.kumo.server.store.RecoveryReport;
import io.kumo.server.store.RequestVisitor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.StoreStatistics;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.checkpoint.RoomMaker;
import io.kumo.server.store.checkpoint.ShardCheckpoint;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.RealDisk;
import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.log.DiskGuard;
import io.kumo.server.store.log.LogSyncer;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.SegmentSupply;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.mapdb.ShardCounts;
import io.kumo.server.store.shard.DamageLog;
import io.kumo.server.store.shard.IndexFile;
import io.kumo.server.store.shard.Shard;
import io.kumo.server.store.shard.ShardData;
import io.kumo.server.store.shard.ShardReadAhead;
import io.kumo.server.store.shard.ShardScanner;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store on disk: MapDB files behind a redo log and checkpoints. Safe against a stop at any
 * instruction; how, is told in docs/internals/storage.md.
 *
 * <p>Threads of its own: one that syncs the log, one that makes log segments ahead, one that
 * extends data files ahead, one that checkpoints. Callers need none.
 */
public final class MapDbStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(MapDbStore.class);

  private final Disk disk;
  private final @Nullable StoreDirectory directory;
  private final StoreHeader header;
  private final RedoLog log;
  private final LogSyncer syncer;
  private final List<Shard> shards = new ArrayList<>();
  private final List<Checkpointer.Unit> units = new ArrayList<>();
  private final Checkpointer checkpointer;
  private final RoomMaker roomMaker;
  private final WriteGate gate;
  private final ShardScanner scanner;
  private final AtomicLong dirtyMemoryBytes = new AtomicLong();
  private final DamageLog damage = new DamageLog();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final StateFiles states;
  private final Object backupLock = new Object();
  private final Object compactLock = new Object();
  private final StoreOptions options;
  private final RecoveryReport report;
  private final Deque<Recovery.LoggedRequest> requests;
  private final int shardShift;

  private MapDbStore(
      Disk disk,
      @Nullable StoreDirectory directory,
      String node,
      StoreOptions options,
      long syncPeriodNs)
      throws IOException {
    TimeSource time = TimeSource.system();
    long startNs = time.nanoTime();
    this.disk = disk;
    this.directory = directory;
    this.options = options;
    StoreHeader found = StoreHeader.read(disk);
    states = new StateFiles(disk, this::sync);
    header =
        found == null ? StoreOwner.make(disk, node, options) : StoreOwner.reopen(disk, found, node);
    shardShift = 64 - header.shardBits();
    Recovery recovery = new Recovery(disk, header, options);
    List<Recovery.Recovered> recovered = recover(recovery);
    SegmentSupply supply = new SegmentSupply(disk, header.segmentBytes(), header.storeId());
    log = openLog(recovery, supply);
    gate = new WriteGate(log, dirtyMemoryBytes, options.dirtyMemoryBytes());
    for (Recovery.Recovered part : recovered) {
      Shard shard = new Shard(part.number(), part.data(), log, gate, dirtyMemoryBytes, damage);
      shard.account();
      part.data().file().makeRoom();
      shards.add(shard);
      units.add(new Checkpointer.Unit(shard, part.checkpoint()));
    }
    scanner = new ShardScanner(shards);
    syncer = new LogSyncer(log, options.fsync(), syncPeriodNs);
    DiskGuard guard = new DiskGuard(disk, gate, options.minFreeBytes());
    checkpointer = new Checkpointer(units, log, guard, gate, dirtyMemoryBytes, options);
    gate.onPressure(checkpointer::wake);
    roomMaker = new RoomMaker(shards);
    shards.forEach(shard -> shard.onGrowth(roomMaker::wake));
    requests = recovery.requests();
    report =
        recovery.report(
            found == null, found == null || found.clean(), (time.nanoTime() - startNs) / 1_000_000);
    if (recovery.hasGap()) {
      checkpointAll();
    }
    syncer.start();
    checkpointer.start();
    roomMaker.start();
    states.start();
    report.log(LOG, disk.describe(), liveCount(), tombstoneCount());
  }

  /**
   * Opens the store in a directory, making it when there is none. Blocks until it is recovered.
   *
   * @param node whose store this is; a store of another node is refused
   */
  public static MapDbStore open(Path path, String node, StoreOptions options) {
    try {
      StoreDirectory directory = StoreDirectory.lock(path);
      try {
        return new MapDbStore(new RealDisk(path), directory, node, options, LogSyncer.PERIOD_NS);
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Code.IO, "cannot open the store in %s: %s".formatted(path, e), e);
    }
  }

  /** Opens a store on a disk that is not one. */
  public static MapDbStore open(Disk disk, String node, StoreOptions options) throws IOException {
    return open(disk, node, options, LogSyncer.PERIOD_NS);
  }

  /** As {@link #open(Disk, String, StoreOptions)}, with another second for {@code everysec}. */
  public static MapDbStore open(Disk disk, String node, StoreOptions options, long syncPeriodNs)
      throws IOException {
    return new MapDbStore(disk, null, node, options, syncPeriodNs);
  }

  private static List<Recovery.Recovered> recover(Recovery recovery) throws IOException {
    try {
      return recovery.shards();
    } catch (IOException | RuntimeException e) {
      recovery.abandon();
      throw e;
    }
  }

  private static RedoLog openLog(Recovery recovery, SegmentSupply supply) throws IOException {
    try {
      return recovery.openLog(supply);
    } catch (IOException | RuntimeException e) {
      supply.close();
      recovery.abandon();
      throw e;
    }
  }

  /** What opening took, and whether anything is missing. */
  public RecoveryReport recoveryReport() {
    return report;
  }

  private Shard shard(ByteBuf rawKey) {
    RawRecords.checkKey(rawKey);
    return shardShift == 64
        ? shards.get(0)
        : shards.get((int) (RawRecords.head(rawKey) >>> shardShift));
  }

  @Override
  public @Nullable ByteBuf get(ByteBuf rawKey) {
    return shard(rawKey).get(rawKey);
  }

  @Override
  public int read(ByteBuf rawKey, ByteBuf out) {
    return shard(rawKey).read(rawKey, out);
  }

  @Override
  public ReadAhead readAhead() {
    return new ShardReadAhead(shards, shardShift);
  }

  @Override
  public long clockTime(ByteBuf rawKey) {
    return shard(rawKey).clockTime(rawKey);
  }

  @Override
  public WriteResult update(
      ByteBuf rawKey, ByteBuf rawValue, long gatewayIncarnation, long sequence) {
    RawRecords.checkValue(rawValue);
    return shard(rawKey).update(rawKey, rawValue, gatewayIncarnation, sequence);
  }

  @Override
  public WriteResult modify(
      ByteBuf rawKey, Modification modification, long gatewayIncarnation, long sequence) {
    return shard(rawKey).modify(rawKey, modification, gatewayIncarnation, sequence);
  }

  @Override
  public boolean removeIf(ByteBuf rawKey, long clockTime) {
    return shard(rawKey).removeIf(rawKey, clockTime);
  }

  @Override
  public Cursor scan(Cursor from, ScanLimits limits, RecordVisitor visitor) {
    return scanner.scan(from, limits, visitor);
  }

  @Override
  public long liveCount() {
    return shards.stream().mapToLong(shard -> shard.counts().live()).sum();
  }

  @Override
  public long tombstoneCount() {
    return shards.stream().mapToLong(shard -> shard.counts().tombstones()).sum();
  }

  @Override
  public long largestClockTime() {
    return shards.stream()
        .map(shard -> shard.counts().largestClockTime())
        .max(Long::compareUnsigned)
        .orElse(0L);
  }

  @Override
  public long position() {
    return log.end();
  }

  @Override
  public void whenDurable(long position, Executor executor, SyncListener listener) {
    syncer.whenDurable(position, executor, listener);
  }

  @Override
  public void sync() {
    log.sync(log.end());
  }

  @Override
  public void putState(String name, byte[] bytes, Executor executor, SyncListener listener) {
    states.put(name, bytes, false, executor, listener);
  }

  @Override
  public void putStateAfterSync(
      String name, byte[] bytes, Executor executor, SyncListener listener) {
    states.put(name, bytes, true, executor, listener);
  }

  @Override
  public byte @Nullable [] state(String name) {
    return states.read(name);
  }

  @Override
  public void recentRequests(RequestVisitor visitor) {
    for (Recovery.LoggedRequest request : requests) {
      visitor.visit(
          request.key().duplicate(),
          request.clockTime(),
          request.gatewayIncarnation(),
          request.sequence());
    }
  }

  @Override
  public @Nullable String fullness() {
    return gate.refusal();
  }

  @Override
  public StoreStatistics statistics() {
    ShardCounts sum = ShardCounts.NONE;
    long fileBytes = 0;
    long freeBytes = 0;
    long checkpoints = 0;
    for (Checkpointer.Unit unit : units) {
      unit.shard().lock().lock();
      try {
        ShardData data = unit.shard().openData();
        sum = sum.plus(data.counts());
        fileBytes += data.file().usedBytes();
        freeBytes += data.file().freeBytes();
      } finally {
        unit.shard().lock().unlock();
      }
      checkpoints += unit.checkpoint().count();
    }
    return new StoreStatistics(
        sum.live(),
        sum.tombstones(),
        sum.liveBytes(),
        sum.tombstoneBytes(),
        fileBytes,
        freeBytes,
        log.lengthBytes(),
        dirtyMemoryBytes.get(),
        log.syncCount(),
        checkpoints,
        damage.count(),
        DiskGuard.spareBytes(disk, options.minFreeBytes()));
  }

  @Override
  public List<byte[]> damagedKeys(int max) {
    return damage.count() == 0 ? List.of() : damage.keys(max);
  }

  @Override
  public void backup(Path target) {
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

  public void backup(Disk target) throws IOException {
    synchronized (backupLock) {
      states.flush();
      List<String> names = disk.list().stream().filter(StateFiles::isState).toList();
      new Backup(disk, header, units, log, checkpointer).writeTo(target, names);
    }
  }

  @Override
  public void compact() {
    compact((files, allFiles) -> {});
  }

  @Override
  public void compact(CompactProgress progress) {
    synchronized (compactLock) {
      Compactor compactor = new Compactor(disk, options, log, header.shardBits(), roomMaker::wake);
      int done = 0;
      progress.rewritten(done, units.size());
      for (Checkpointer.Unit unit : units) {
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
        progress.rewritten(++done, units.size());
      }
    }
  }

  /** Checkpoints every shard now. */
  public void checkpointAll() {
    try {
      for (Checkpointer.Unit unit : units) {
        checkpointer.checkpoint(unit);
      }
      log.releaseBefore(checkpointer.oldestMark());
    } catch (IOException e) {
      throw new StoreException(StoreException.Code.IO, "checkpoint failed: " + e, e);
    }
  }

  /** Up to here the log survives a power loss. */
  public long durablePosition() {
    return log.durable();
  }

  /** Whether an acknowledgement means that a power loss takes nothing of it. */
  public boolean isSyncedBeforeAcknowledged() {
    return options.fsync() == FsyncPolicy.ALWAYS;
  }

  /** Runs MapDB's own check over every data file; throws when one is unsound. For tests. */
  public void verify() {
    for (Shard shard : shards) {
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

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (Shard shard : shards) {
      shard.stop();
    }
    synchronized (compactLock) {
      synchronized (backupLock) {
        closeParts();
      }
    }
  }

  private void closeParts() {
    states.close();
    checkpointer.close();
    roomMaker.close();
    syncer.close();
    boolean clean = log.failure() == null;
    IOException failed = null;
    for (Checkpointer.Unit unit : units) {
      try {
        closeShard(unit, clean && failed == null);
      } catch (IOException | StoreException e) {
        failed = new IOException(e);
      }
    }
    try {
      log.close();
      if (clean && failed == null) {
        header.closed().write(disk);
      }
    } catch (IOException e) {
      failed = e;
    }
    try {
      if (directory != null) {
        directory.close();
      }
    } catch (IOException e) {
      failed = e;
    }
    if (failed != null) {
      throw new StoreException(
          StoreException.Code.IO,
          "the store did not close cleanly; the next start repairs it",
          failed);
    }
  }

  private void closeShard(Checkpointer.Unit unit, boolean clean) throws IOException {
    ShardCheckpoint checkpoint = unit.checkpoint();
    ShardData data = unit.shard().data();
    try {
      if (clean) {
        checkpointer.checkpoint(unit);
        checkpoint.journal().clear();
        IndexFile.save(disk, unit.shard().number(), checkpoint.checkpointId(), data);
      }
    } finally {
      data.close();
      checkpoint.file().close();
      checkpoint.journal().close();
    }
  }
}
