package io.kumo.server.store;

import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.engine.MapDbStore;

/**
 * How a {@link MapDbStore} uses its disk and memory.
 *
 * @param fsync when a write counts as durable
 * @param shards data files, a power of two up to 256; fixed when the store is made, later ignored
 * @param dirtyMemoryBytes bound of the memory for blocks not yet in the data files
 * @param logSizeBytes length of the redo log at which a checkpoint makes room
 * @param minFreeBytes disk space below which writes are refused; negative for the smaller of 1 GiB
 *     and 2 % of the disk
 * @param segmentBytes length of one file of the redo log
 * @param sliceBytes step by which data files grow and are mapped, a power of two of at least 1 MiB
 * @param directMemoryBytes bound of the memory outside the heap
 */
public record StoreOptions(
    FsyncPolicy fsync,
    int shards,
    long dirtyMemoryBytes,
    long logSizeBytes,
    long minFreeBytes,
    int segmentBytes,
    int sliceBytes,
    long directMemoryBytes) {
  /** The default of {@code --shards}. */
  public static final int DEFAULT_SHARDS = 8;

  /** The default of {@code --dirty-memory}. */
  public static final long DEFAULT_DIRTY_MEMORY_BYTES = 256L << 20;

  /** The default of {@code --log-size}. */
  public static final long DEFAULT_LOG_SIZE_BYTES = 512L << 20;

  private static final int MIN_SEGMENT_BYTES = 1 << 16;
  private static final int MIN_SLICE_BYTES = 1 << 20;
  private static final int MAX_SHARDS = 256;

  /** Checks the bounds. */
  public StoreOptions {
    check(
        shards >= 1 && shards <= MAX_SHARDS && Integer.bitCount(shards) == 1,
        "--shards must be a power of two from 1 to " + MAX_SHARDS);
    check(dirtyMemoryBytes >= 1 << 20, "--dirty-memory must be at least 1m");
    check(
        segmentBytes >= MIN_SEGMENT_BYTES && segmentBytes <= 1 << 30,
        "a segment must be from 64k to 1g");
    check(
        logSizeBytes >= 2L * segmentBytes,
        "--log-size must be at least two segments, of at least 64k each");
    check(
        sliceBytes >= MIN_SLICE_BYTES && Integer.bitCount(sliceBytes) == 1,
        "a slice must be a power of two of at least 1m");
  }

  /** With all memory outside the heap that a store may take in this JVM. */
  public StoreOptions(
      FsyncPolicy fsync,
      int shards,
      long dirtyMemoryBytes,
      long logSizeBytes,
      long minFreeBytes,
      int segmentBytes,
      int sliceBytes) {
    this(
        fsync,
        shards,
        dirtyMemoryBytes,
        logSizeBytes,
        minFreeBytes,
        segmentBytes,
        sliceBytes,
        DirectMemory.bytesForStore());
  }

  /** What a server uses when nothing is said. */
  public static StoreOptions defaults() {
    return new StoreOptions(
        FsyncPolicy.EVERYSEC,
        DEFAULT_SHARDS,
        DEFAULT_DIRTY_MEMORY_BYTES,
        DEFAULT_LOG_SIZE_BYTES,
        -1,
        64 << 20,
        16 << 20);
  }

  /** For tests and small caches: little memory, short logs, small files. */
  public static StoreOptions small() {
    return new StoreOptions(FsyncPolicy.EVERYSEC, 2, 4 << 20, 4 << 20, 0, 1 << 20, 1 << 20);
  }

  /** The same with another policy. */
  public StoreOptions withFsync(FsyncPolicy policy) {
    return new StoreOptions(
        policy,
        shards,
        dirtyMemoryBytes,
        logSizeBytes,
        minFreeBytes,
        segmentBytes,
        sliceBytes,
        directMemoryBytes);
  }

  /** The same with another number of shards. */
  public StoreOptions withShards(int count) {
    return new StoreOptions(
        fsync,
        count,
        dirtyMemoryBytes,
        logSizeBytes,
        minFreeBytes,
        segmentBytes,
        sliceBytes,
        directMemoryBytes);
  }

  /** The same with another bound of dirty memory. */
  public StoreOptions withDirtyMemoryBytes(long bytes) {
    return new StoreOptions(
        fsync,
        shards,
        bytes,
        logSizeBytes,
        minFreeBytes,
        segmentBytes,
        sliceBytes,
        directMemoryBytes);
  }

  /** The same with another length of the log, in segments of an eighth of it (at most 64 MiB). */
  public StoreOptions withLogSizeBytes(long bytes) {
    int segment = (int) Math.max(MIN_SEGMENT_BYTES, Math.min(64 << 20, bytes / 8));
    return new StoreOptions(
        fsync,
        shards,
        dirtyMemoryBytes,
        bytes,
        minFreeBytes,
        segment,
        sliceBytes,
        directMemoryBytes);
  }

  /** The same with another bound of free space. */
  public StoreOptions withMinFreeBytes(long bytes) {
    return new StoreOptions(
        fsync,
        shards,
        dirtyMemoryBytes,
        logSizeBytes,
        bytes,
        segmentBytes,
        sliceBytes,
        directMemoryBytes);
  }

  /** The same with another bound of memory outside the heap. */
  public StoreOptions withDirectMemoryBytes(long bytes) {
    return new StoreOptions(
        fsync,
        shards,
        dirtyMemoryBytes,
        logSizeBytes,
        minFreeBytes,
        segmentBytes,
        sliceBytes,
        bytes);
  }

  private static void check(boolean ok, String bounds) {
    if (!ok) {
      throw new IllegalArgumentException(bounds);
    }
  }
}
