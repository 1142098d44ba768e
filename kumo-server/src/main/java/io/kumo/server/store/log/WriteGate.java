package io.kumo.server.store.log;

import io.kumo.server.store.RawRecords;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.disk.DirectMemory;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets writes in before they take a lock: refuses those that the disk has no room for, and those
 * that outrun the checkpoints, so that dirty memory and log stay within their bounds. Never waits:
 * whoever is refused with BUSY comes again.
 */
public final class WriteGate {
  private static final long MIN_DIRTY_BYTES = 1 << 20;

  private final RedoLog log;
  private final AtomicLong dirtyMemoryBytes;
  private final long dirtyLimitBytes;
  private final DirectMemory memory;
  private volatile Runnable pressure = () -> {};
  private volatile @Nullable String refusal;
  private volatile boolean checkpointsFail;

  public WriteGate(
      RedoLog log, AtomicLong dirtyMemoryBytes, StoreOptions options, DirectMemory memory) {
    this.log = log;
    this.dirtyMemoryBytes = dirtyMemoryBytes;
    this.dirtyLimitBytes = options.dirtyMemoryBytes();
    this.memory = memory;
  }

  /** What dirty memory may come to: of that outside the heap the index may have left less. */
  public long limitBytes() {
    return Math.max(MIN_DIRTY_BYTES, Math.min(dirtyLimitBytes, memory.leftByIndex()));
  }

  /** Dirty memory that asks for a checkpoint: the rest is for what comes while that runs. */
  public long pressureBytes() {
    return limitBytes() / 8 * 5;
  }

  /** Whom to call when dirty memory asks for a checkpoint; must return at once. */
  public void onPressure(Runnable wakeCheckpointer) {
    pressure = wakeCheckpointer;
  }

  /** Refuses writes that need room with this message, or lets them in again. */
  void setRefusal(@Nullable String message) {
    refusal = message;
  }

  /** Says whether checkpoints fail at present: then nobody waits for one. */
  public void setCheckpointsFail(boolean fail) {
    checkpointsFail = fail;
  }

  /** Called outside all locks; the value is null when it is not known yet. */
  public void admit(ByteBuf rawKey, @Nullable ByteBuf rawValue) {
    if (rawValue != null) {
      checkRoom(rawValue);
    }
    log.reserve(
        LogFormat.REQUEST_ID_BYTES
            + rawKey.readableBytes()
            + (rawValue == null ? 0 : rawValue.readableBytes()));
    long dirty = dirtyMemoryBytes.get();
    if (dirty > pressureBytes()) {
      pressure.run();
      if (dirty > limitBytes()) {
        throw checkpointsFail
            ? new StoreException(
                StoreException.Code.DISK_FULL,
                "checkpoints do not keep up; the disk is full or failing")
            : new StoreException(
                StoreException.Code.BUSY, "checkpoints do not keep up; try again in a moment");
      }
    }
  }

  /** Why writes that need room are refused; null while they are not. */
  public @Nullable String refusal() {
    String message = refusal;
    return message == null && checkpointsFail && dirtyMemoryBytes.get() > limitBytes()
        ? "checkpoints fail; the disk is full or failing"
        : message;
  }

  /** Refuses a value that is not a tombstone while the disk is full. */
  public void checkRoom(ByteBuf rawValue) {
    String message = refusal;
    if (message != null && !RawRecords.isTombstone(rawValue)) {
      throw new StoreException(StoreException.Code.DISK_FULL, message);
    }
  }
}
