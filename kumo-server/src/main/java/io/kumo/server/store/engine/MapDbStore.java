package io.kumo.server.store.engine;

import io.kumo.core.metrics.Distribution;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.DigestSum;
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
import io.kumo.server.store.StoreSnapshot;
import io.kumo.server.store.StoreStatistics;
import io.kumo.server.store.SyncListener;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.RealDisk;
import io.kumo.server.store.disk.StoreDirectory;
import io.kumo.server.store.log.LogSyncer;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.shard.DamageLog;
import io.kumo.server.store.shard.Shard;
import io.kumo.server.store.shard.ShardDigester;
import io.kumo.server.store.shard.ShardReadAhead;
import io.kumo.server.store.shard.ShardScanner;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The store on disk: MapDB files behind a redo log and checkpoints. Safe against a stop at any
 * instruction; how, is told in docs/internals/storage.md.
 *
 * <p>Threads of its own: one that syncs the log, one that makes log segments ahead, one that
 * extends data files ahead, one that checkpoints. Callers need none.
 */
public final class MapDbStore implements Store {
  private final OpenStore open;
  private final StoreMaintenance maintenance;
  private final StoreCounts counts;
  private final List<Shard> shards;
  private final int shardShift;
  private final ShardScanner scanner;
  private final ShardDigester digester;
  private final RedoLog log;
  private final LogSyncer syncer;
  private final WriteGate gate;
  private final StateFiles states;
  private final DamageLog damage;

  private MapDbStore(
      Disk disk,
      @Nullable StoreDirectory directory,
      String node,
      StoreOptions options,
      long syncPeriodNs)
      throws IOException {
    open = new OpenStore(disk, directory, node, options, syncPeriodNs);
    maintenance = new StoreMaintenance(open);
    counts = new StoreCounts(open);
    shards = open.shards;
    shardShift = 64 - open.header.shardBits();
    scanner = new ShardScanner(shards);
    digester = scanner.digester();
    log = open.log;
    syncer = open.syncer;
    gate = open.gate;
    states = open.states;
    damage = open.damage;
  }

  /** Random, drawn when the store was made. */
  public long storeId() {
    return open.header.storeId();
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

  /** What opening took, and whether anything is missing. */
  public RecoveryReport recoveryReport() {
    return open.report;
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
  public Cursor digest(Cursor from, int maxRecords, DigestSum into) {
    return digester.digest(from, maxRecords, into);
  }

  @Override
  public long liveCount() {
    return counts.live();
  }

  @Override
  public long tombstoneCount() {
    return counts.tombstones();
  }

  @Override
  public long largestClockTime() {
    return counts.largestClockTime();
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
    open.sync();
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
    for (Recovery.LoggedRequest request : open.requests) {
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
  public Distribution syncTimes() {
    return open.log.syncTimes();
  }

  @Override
  public StoreStatistics statistics() {
    return counts.statistics();
  }

  @Override
  public List<byte[]> damagedKeys(int max) {
    return damage.count() == 0 ? List.of() : damage.keys(max);
  }

  @Override
  public void backup(Path target) {
    maintenance.backup(target);
  }

  /** Backs up to a disk that is not one. */
  public void backup(Disk target) throws IOException {
    maintenance.backup(target);
  }

  @Override
  public StoreSnapshot openSnapshot(long clockTime) {
    return maintenance.openSnapshot(this, clockTime);
  }

  @Override
  public void compact() {
    compact((files, allFiles) -> {});
  }

  @Override
  public void compact(CompactProgress progress) {
    maintenance.compact(progress);
  }

  /** Checkpoints every shard now. */
  public void checkpointAll() {
    open.checkpointAll();
  }

  /** Up to here the log survives a power loss. */
  public long durablePosition() {
    return log.durable();
  }

  /** Whether an acknowledgement means that a power loss takes nothing of it. */
  public boolean isSyncedBeforeAcknowledged() {
    return open.options.fsync() == FsyncPolicy.ALWAYS;
  }

  /** Runs MapDB's own check over every data file; throws when one is unsound. For tests. */
  public void verify() {
    maintenance.verify();
  }

  @Override
  public void close() {
    maintenance.close();
  }
}
