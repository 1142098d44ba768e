package io.kumo.server.store.checkpoint;

import io.kumo.core.guard.Guard;
import io.kumo.core.log.LogId;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.log.DiskGuard;
import io.kumo.server.store.log.RedoLog;
import io.kumo.server.store.log.WriteGate;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.kumo.server.store.shard.Shard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that checkpoints: the shard with the oldest mark when the log grows long, the shard
 * with the most changed memory when memory grows short; then it gives memory and log segments back.
 * A checkpoint that fails is tried again; meanwhile nothing is lost, as the log keeps what the file
 * lacks. A disk that cannot read a mapped page shows as an InternalError.
 */
public final class Checkpointer {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /** A shard and its checkpoints. */
  public record Unit(Shard shard, ShardCheckpoint checkpoint) {}

  private final List<Unit> units;
  private final RedoLog log;
  private final DiskGuard guard;
  private final WriteGate gate;
  private final AtomicLong dirtyMemoryBytes;
  private final StoreOptions options;
  private final WokenThread thread;
  private boolean failing;

  public Checkpointer(
      List<Unit> units,
      RedoLog log,
      DiskGuard guard,
      WriteGate gate,
      AtomicLong dirtyMemoryBytes,
      StoreOptions options) {
    this.units = units;
    this.log = log;
    this.guard = guard;
    this.gate = gate;
    this.dirtyMemoryBytes = dirtyMemoryBytes;
    this.options = options;
    thread = new WokenThread("kumo-checkpoint", this::look);
  }

  public void start() {
    thread.start();
  }

  /** Has the thread look now; any thread. */
  public void wake() {
    thread.wake();
  }

  private void look() {
    if (!Guard.ofProcess().run("checkpoint", this, this::checkAndRelieve)) {
      failed("a bug; the log has it");
    }
  }

  private void checkAndRelieve() {
    guard.check();
    if (!thread.isClosing() && log.failure() == null) {
      tryToRelieve();
    }
  }

  private void tryToRelieve() {
    try {
      relieve();
      if (failing) {
        failing = false;
        gate.setCheckpointsFail(false);
        LOG.info("checkpoints work again");
      }
    } catch (IOException | StoreException | InternalError e) {
      failed(e.toString());
    }
  }

  private void failed(String reason) {
    if (!failing) {
      failing = true;
      gate.setCheckpointsFail(true);
      LOG.warn(LogId.CHECKPOINT_FAILED, "a checkpoint failed and will be tried again: {}", reason);
    }
    thread.pause();
  }

  private void relieve() throws IOException {
    while (!thread.isClosing() && dirtyMemoryBytes.get() > gate.pressureBytes()) {
      Unit heaviest = units.get(0);
      for (Unit unit : units) {
        if (ownBytes(unit) > ownBytes(heaviest)) {
          heaviest = unit;
        }
      }
      checkpoint(heaviest);
      remap(heaviest.shard());
    }
    while (!thread.isClosing() && isLogLong()) {
      checkpoint(oldest());
      log.releaseBefore(oldestMark());
    }
  }

  /**
   * Whether a checkpoint would make the log so much shorter that it is worth while. Only as many
   * shards as must: the longer one waits, the more records come to a page of its file.
   */
  private boolean isLogLong() {
    return log.lengthBytes() > options.logSizeBytes() / 4 * 3
        && oldestMark() < log.end() - options.logSizeBytes() / 4;
  }

  private Unit oldest() {
    Unit oldest = units.get(0);
    for (Unit unit : units) {
      if (unit.checkpoint().durableMark() < oldest.checkpoint().durableMark()) {
        oldest = unit;
      }
    }
    return oldest;
  }

  private static long ownBytes(Unit unit) {
    unit.shard().lock().lock();
    try {
      return unit.shard().data().file().ownBytes();
    } finally {
      unit.shard().lock().unlock();
    }
  }

  /** The position from which on the log is needed. */
  public long oldestMark() {
    return oldest().checkpoint().durableMark();
  }

  /** Checkpoints one shard now; blocks. */
  public void checkpoint(Unit unit) throws IOException {
    Shard shard = unit.shard();
    unit.checkpoint().run(shard.lock(), shard::data, log::end, log::sync);
    shard.lock().lock();
    try {
      shard.account();
    } finally {
      shard.lock().unlock();
    }
  }

  /** Gives back the memory of units that the file has by now, slice by slice. */
  private static void remap(Shard shard) throws IOException {
    for (int slice = 0; ; slice++) {
      CheckpointVolume volume;
      ByteBuffer former;
      shard.lock().lock();
      try {
        volume = shard.data().file().volume();
        if (slice >= volume.sliceCount()) {
          return;
        }
        former = volume.remap(slice);
        shard.account();
      } finally {
        shard.lock().unlock();
      }
      volume.letGo(former);
    }
  }

  /** Ends the thread. */
  public void close() {
    thread.close();
  }
}
