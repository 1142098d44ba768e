package io.kumo.server.store.shard;

import io.kumo.server.store.disk.ChecksummedReader;
import io.kumo.server.store.disk.ChecksummedWriter;
import io.kumo.server.store.disk.DirectMemory;
import io.kumo.server.store.disk.Disk;
import io.kumo.server.store.disk.DiskFile;
import io.kumo.server.store.disk.FaultPoint;
import io.kumo.server.store.mapdb.KeyFingerprint;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The index of a shard on disk, written by a clean close so that the next start need not walk the
 * data file. It belongs to one checkpoint; beside another, or damaged, it is ignored.
 */
public final class IndexFile {
  private static final long MAGIC = 0x4B554D4F49445831L;
  private static final String TEMPORARY = ".new";

  private IndexFile() {}

  static String name(int shard) {
    return "index." + shard;
  }

  /** What a file held. */
  public record Loaded(OffHeapIndex index, KeyFingerprint fingerprint) {}

  public static void save(Disk disk, int shard, long checkpointId, ShardData data)
      throws IOException {
    String temporary = name(shard) + TEMPORARY;
    try (DiskFile file = disk.open(temporary)) {
      ChecksummedWriter out = new ChecksummedWriter(file);
      out.putLong(MAGIC).putLong(checkpointId).putLong(data.fingerprint().seed());
      data.index().write(out);
      out.finish();
    }
    FaultPoint.BEFORE_RENAME.reach();
    disk.rename(temporary, name(shard));
    FaultPoint.AFTER_RENAME.reach();
  }

  /**
   * The index of this checkpoint with so many keys, null when there is none. Damaged records are in
   * the index without being counted.
   */
  public static @Nullable Loaded load(
      Disk disk,
      int shard,
      int shardBits,
      long checkpointId,
      long expectedSize,
      DirectMemory memory)
      throws IOException {
    if (!disk.exists(name(shard))) {
      return null;
    }
    try (DiskFile file = disk.open(name(shard))) {
      ChecksummedReader in = new ChecksummedReader(file);
      if (in.getLong() != MAGIC || in.getLong() != checkpointId) {
        return null;
      }
      KeyFingerprint fingerprint = new KeyFingerprint(in.getLong());
      OffHeapIndex index = OffHeapIndex.read(shardBits, in, memory);
      if (index.size() >= expectedSize) {
        return new Loaded(index, fingerprint);
      }
      index.release();
      return null;
    } catch (IOException e) {
      return null;
    }
  }
}
