package io.kumo.server.store.engine;

import io.kumo.core.clock.TimeSource;
import io.kumo.server.store.RecoveryReport;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.checkpoint.Checkpointer;
import io.kumo.server.store.checkpoint.RoomMaker;
import io.kumo.server.store.checkpoint.ShardCheckpoint;
import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.log.DiskGuard;
import io.kumo.server.store.log.LogSyncer;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.SegmentSupply;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.shard.DamageLog;
import io.kumo.server.store.shard.IndexFile;
import io.kumo.server.store.shard.Shard;
import io.kumo.server.store.shard.ShardData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an open store consists of: put together by recovery, and closed in the order that leaves
 * nothing behind. Blocks while it does either.
 */
final class OpenStore {
  private static final Logger LOG = LoggerFactory.getLogger(MapDbStore.class);

  final Disk disk;
  final StoreHeader header;
  final StoreOptions options;
  final RedoLog log;
  final LogSyncer syncer;
  final List<Shard> shards = new ArrayList<>();
  final List<Checkpointer.Unit> units = new ArrayList<>();
  final Checkpointer checkpointer;
  final RoomMaker roomMaker;
  final WriteGate gate;
  final DirectMemory memory;
  final AtomicLong dirtyMemoryBytes = new AtomicLong();
  final DamageLog damage = new DamageLog();
  final StateFiles states;
  final RecoveryReport report;
  final Deque<Recovery.LoggedRequest> requests;
  private final @Nullable StoreDirectory directory;

  OpenStore(
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
    memory = new DirectMemory(options.directMemoryBytes());
    StoreHeader found = StoreHeader.read(disk);
    states = new StateFiles(disk, this::sync);
    header =
        found == null ? StoreOwner.make(disk, node, options) : StoreOwner.reopen(disk, found, node);
    Recovery recovery = new Recovery(disk, header, options, memory);
    List<Recovery.Recovered> recovered = recover(recovery);
    SegmentSupply supply = new SegmentSupply(disk, header.segmentBytes(), header.storeId());
    log = openLog(recovery, supply);
    memory.opened();
    gate = new WriteGate(log, dirtyMemoryBytes, options, memory);
    for (Recovery.Recovered part : recovered) {
      Shard shard = new Shard(part.number(), part.data(), log, gate, dirtyMemoryBytes, damage);
      shard.account();
      part.data().file().makeRoom();
      part.data().file().deferred().enable(memory);
      shards.add(shard);
      units.add(new Checkpointer.Unit(shard, part.checkpoint()));
    }
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
    StoreCounts counts = new StoreCounts(this);
    report.log(LOG, disk.describe(), counts.live(), counts.tombstones());
    sayIfMemoryIsShort();
  }

  private void sayIfMemoryIsShort() {
    if (gate.limitBytes() < options.dirtyMemoryBytes()) {
      LOG.info(
          "changes that are not in the data files yet may take {} MiB, not the {} of"
              + " --dirty-memory: the index leaves no more outside the heap; KUMO_MEMORY gives the"
              + " server more",
          gate.limitBytes() >> 20,
          options.dirtyMemoryBytes() >> 20);
    }
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

  /** Checkpoints every shard now. */
  void checkpointAll() {
    try {
      for (Checkpointer.Unit unit : units) {
        checkpointer.checkpoint(unit);
      }
      log.releaseBefore(checkpointer.oldestMark());
    } catch (IOException e) {
      throw new StoreException(StoreException.Code.IO, "checkpoint failed: " + e, e);
    }
  }

  /** Up to where records have been written so far survives a power loss from now on. */
  void sync() {
    log.sync(log.end());
  }

  /**
   * When no shard takes writes any more.
   *
   * @throws StoreException when the next start has something to repair
   */
  void close() {
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
