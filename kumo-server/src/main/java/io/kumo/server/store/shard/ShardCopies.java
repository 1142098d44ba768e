package io.kumo.server.store.shard;

import io.kumo.server.store.RawRecords;
import io.kumo.server.store.mapdb.CheckpointVolume;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The data of a shard and, while that is compacted, the copy that is to take its place.
 *
 * <p>Invariant: every change that is made to the data is made to the copy as well, as long as there
 * is one. All under the lock of the shard, but for {@link #onGrowth}.
 */
final class ShardCopies {
  private final AtomicLong dirtyMemoryBytes;
  private volatile Runnable grow = () -> {};
  private ShardData data;
  private @Nullable ShardData mirror;
  private long accountedBytes;
  private int generation;

  /**
   * Data without a copy.
   *
   * @param dirtyMemoryBytes sum over all shards, kept up to date by each
   */
  ShardCopies(ShardData data, AtomicLong dirtyMemoryBytes) {
    this.data = data;
    this.dirtyMemoryBytes = dirtyMemoryBytes;
  }

  void onGrowth(Runnable wakeRoomMaker) {
    grow = wakeRoomMaker;
  }

  ShardData data() {
    return data;
  }

  /** Grows when recids lose their meaning. */
  int generation() {
    return generation;
  }

  List<CheckpointVolume> volumes() {
    ShardData second = mirror;
    CheckpointVolume first = data.file().volume();
    return second == null ? List.of(first) : List.of(first, second.file().volume());
  }

  /** To be called before the log has the change, as it could not be taken back then. */
  void ensureRoom(int bytes) {
    data.file().ensureRoom(bytes, grow);
    ShardData second = mirror;
    if (second != null) {
      second.file().ensureRoom(bytes, grow);
    }
  }

  /** The same for the index: the copy may lack a key that is not new. */
  void ensureIndexRoom(ByteBuf rawKey, boolean isNew) {
    if (isNew) {
      data.index().ensureRoom(RawRecords.head(rawKey));
    }
    ShardData second = mirror;
    if (second != null) {
      second.index().ensureRoom(RawRecords.head(rawKey));
    }
  }

  /** Stores a record, over the one located in the data if its recid is not 0. */
  void put(long recid, ByteBuf rawKey, ByteBuf rawValue, long position) {
    data.put(recid, rawKey, rawValue, position);
    ShardData second = mirror;
    if (second != null) {
      second.put(second.locate(rawKey), rawKey, rawValue, position);
    }
  }

  /** Takes out the record that was located in the data. */
  void remove(long recid, ByteBuf rawKey) {
    data.remove(recid, rawKey);
    ShardData second = mirror;
    long copy = second == null ? 0 : second.locate(rawKey);
    if (second != null && copy != 0) {
      second.remove(copy, rawKey);
    }
  }

  void setMirror(@Nullable ShardData copy) {
    mirror = copy;
    account();
  }

  void replaceData(ShardData copy) {
    data = copy;
    mirror = null;
    generation++;
    account();
  }

  /** Brings the sum over all shards up to date. */
  void account() {
    ShardData second = mirror;
    long bytes = data.file().ownBytes() + (second == null ? 0 : second.file().ownBytes());
    if (bytes != accountedBytes) {
      dirtyMemoryBytes.addAndGet(bytes - accountedBytes);
      accountedBytes = bytes;
    }
  }
}
