package io.kumo.server.store.engine;

import io.kumo.server.store.RawRecords;
import io.kumo.server.store.RecoveryReport;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.checkpoint.ShardCheckpoint;
import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.disk.StoreHeader;
import io.kumo.server.store.log.LogFormat;
import io.kumo.server.store.log.LogSegment;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.RedoLogReader;
import io.kumo.server.store.log.SegmentSupply;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.shard.ShardData;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings a store from whatever a stop left to what it was: applies the journals that are complete,
 * loads or builds the indexes, and repeats the redo log from the oldest mark. It changes only what
 * it could change again: a stop inside it is no different from the one before.
 */
final class Recovery {
  private static final String UNFINISHED = ".new";
  private static final int MAX_REQUESTS = 100_000;
  private static final int MAX_REPLAY_DIRTY_PARTS = 2;

  /** A shard before the log is there. */
  record Recovered(int number, ShardData data, ShardCheckpoint checkpoint) {}

  /** A write with a request id that the log held. */
  record LoggedRequest(ByteBuf key, long clockTime, long gatewayIncarnation, long sequence) {}

  private final Disk disk;
  private final StoreHeader header;
  private final StoreOptions options;
  private final ShardRecovery shardRecovery;
  private final List<Recovered> shards = new ArrayList<>();
  private final Deque<LoggedRequest> requests = new ArrayDeque<>();
  private final ReentrantLock noOneElse = new ReentrantLock();
  private long replayed;
  private long damagedLogBytes;
  private long logEnd;
  private boolean hasGap;

  Recovery(Disk disk, StoreHeader header, StoreOptions options, DirectMemory memory) {
    this.disk = disk;
    this.header = header;
    this.options = options;
    this.shardRecovery = new ShardRecovery(disk, header, options, memory);
  }

  /** Recovers all shards; then {@link #openLog} goes on with the log. */
  List<Recovered> shards() throws IOException {
    for (String name : disk.list()) {
      if (name.endsWith(UNFINISHED)) {
        disk.delete(name);
      }
    }
    for (int i = 0; i < header.shards(); i++) {
      shards.add(shardRecovery.recover(i));
    }
    return shards;
  }

  /** Replays the log and opens it for the writes to come. */
  RedoLog openLog(SegmentSupply supply) throws IOException {
    long oldest = Long.MAX_VALUE;
    long newest = 0;
    for (Recovered shard : shards) {
      oldest = Math.min(oldest, shard.checkpoint().durableMark());
      newest = Math.max(newest, shard.checkpoint().durableMark());
    }
    List<LogSegment> segments = existingSegments(oldest);
    for (LogSegment segment : segments) {
      segment.sync(); // What a kill left is about to count, so a power loss must not take it.
    }
    RedoLogReader reader = new RedoLogReader(segments, header.segmentBytes(), oldest);
    while (reader.next()) {
      replay(reader);
    }
    damagedLogBytes = reader.damagedBytes();
    if (segments.isEmpty() && newest > 0) {
      damagedLogBytes++;
    }
    long readTo = segments.isEmpty() ? 0 : reader.position();
    logEnd = Math.max(readTo, newest);
    hasGap = newest > readTo || damagedLogBytes > 0;
    return continueLog(supply, segments);
  }

  private void replay(RedoLogReader record) throws IOException {
    if (record.operation() == LogFormat.SYNCED) {
      return;
    }
    ByteBuf rawKey = record.key();
    long hash = RawRecords.head(rawKey);
    int bits = header.shardBits();
    Recovered shard = shards.get(bits == 0 ? 0 : (int) (hash >>> (64 - bits)));
    if (record.hasRequestId() && record.operation() == LogFormat.PUT) {
      remember(record, rawKey);
    }
    if (record.start() < shard.checkpoint().durableMark()) {
      return;
    }
    shard.data().replay(record);
    replayed++;
    FaultPoint.RECOVERY_REPLAY.reach();
    boundDirtyMemory(shard, record.position());
  }

  private void remember(RedoLogReader record, ByteBuf rawKey) {
    if (requests.size() == MAX_REQUESTS) {
      requests.removeFirst();
    }
    requests.addLast(
        new LoggedRequest(
            Unpooled.copiedBuffer(rawKey),
            RawRecords.head(record.value()),
            record.gatewayIncarnation(),
            record.sequence()));
  }

  private void boundDirtyMemory(Recovered shard, long position) throws IOException {
    CheckpointVolume volume = shard.data().file().volume();
    long share = options.dirtyMemoryBytes() / header.shards() / MAX_REPLAY_DIRTY_PARTS;
    if (volume.ownBytes() > Math.max(share, 1 << 20)) {
      shard.checkpoint().run(noOneElse, shard::data, () -> position, mark -> {});
      for (int slice = 0; slice < volume.sliceCount(); slice++) {
        volume.letGo(volume.remap(slice));
      }
    }
  }

  /** The segments from the one that holds the oldest mark on, as far as they have no gap. */
  private List<LogSegment> existingSegments(long oldest) throws IOException {
    List<LogSegment> found = new ArrayList<>();
    for (long number = oldest / header.segmentBytes(); ; number++) {
      String name = LogFormat.segmentName(number);
      if (!disk.exists(name)) {
        return found;
      }
      DiskFile file = disk.open(name);
      if (!LogSegment.isSegment(file, number, header.segmentBytes(), header.storeId())) {
        file.close();
        return found;
      }
      found.add(LogSegment.map(file, number, header.segmentBytes()));
    }
  }

  private RedoLog continueLog(SegmentSupply supply, List<LogSegment> segments) throws IOException {
    int segmentBytes = header.segmentBytes();
    List<LogSegment> kept = new ArrayList<>();
    for (LogSegment segment : segments) {
      if (segment.start() <= logEnd) {
        kept.add(segment);
      } else {
        segment.close();
      }
    }
    boolean endIsInKept = !kept.isEmpty() && kept.get(kept.size() - 1).end() >= logEnd;
    long first = kept.isEmpty() ? Long.MAX_VALUE : kept.get(0).number();
    long last = endIsInKept ? kept.get(kept.size() - 1).number() : -1;
    for (String name : disk.list()) {
      long number = LogFormat.segmentNumber(name);
      if (SegmentSupply.isSpare(name)
          || (number >= 0 && (!endIsInKept || number < first || number > last))) {
        disk.delete(name);
      }
    }
    disk.syncNames();
    if (!endIsInKept) {
      for (LogSegment segment : kept) {
        segment.close();
      }
      kept.clear();
    }
    supply.start(endIsInKept ? last + 1 : newSegmentAfter(logEnd, segmentBytes));
    return new RedoLog(supply, segmentBytes, header.epoch(), kept, logEnd);
  }

  private static long newSegmentAfter(long end, int segmentBytes) {
    return end == 0 ? 0 : end / segmentBytes + 1;
  }

  /**
   * Whether the log from the oldest mark on cannot be read through: then every shard must be
   * checkpointed before the store takes writes, or the next recovery would not reach them.
   */
  boolean hasGap() {
    return hasGap;
  }

  RecoveryReport report(boolean created, boolean clean, long elapsedMs) {
    return new RecoveryReport(
        created,
        clean,
        shardRecovery.journalsApplied(),
        shardRecovery.indexesScanned(),
        replayed,
        damagedLogBytes,
        shardRecovery.damagedRecords(),
        elapsedMs);
  }

  /** Writes with request ids, oldest first. */
  Deque<LoggedRequest> requests() {
    return requests;
  }

  /** Closes what a failed recovery has opened. */
  void abandon() {
    for (Recovered shard : shards) {
      shard.data().file().volume().close();
    }
  }
}
