package io.kumo.server.store.shard;

import io.kumo.server.store.Store;
import io.kumo.server.store.mapdb.ShardCounts;

/** Counts the sound records of one shard as they come and go. Under the lock of the shard. */
final class RecordTally {
  private long live;
  private long tombstones;
  private long liveBytes;
  private long tombstoneBytes;
  private long largestClockTime;

  /** Damaged records in the index that the counts leave out. */
  private long uncounted;

  RecordTally(ShardCounts counts) {
    live = counts.live();
    tombstones = counts.tombstones();
    liveBytes = counts.liveBytes();
    tombstoneBytes = counts.tombstoneBytes();
    largestClockTime = counts.largestClockTime();
  }

  void add(int keyLength, int valueLength) {
    count(keyLength, valueLength, 1);
  }

  void subtract(int keyLength, int valueLength) {
    count(keyLength, valueLength, -1);
  }

  private void count(int keyLength, int valueLength, int sign) {
    long bytes = sign * (long) (keyLength + valueLength);
    if (valueLength == Store.TOMBSTONE_BYTES) {
      tombstones += sign;
      tombstoneBytes += bytes;
    } else {
      live += sign;
      liveBytes += bytes;
    }
  }

  /** A damaged record is in the index that was never counted. */
  void addUncounted() {
    uncounted++;
  }

  /** A damaged record is gone; its bytes are not known, so those of the counts stay too many. */
  void subtractDamaged() {
    if (uncounted > 0) {
      uncounted--;
    } else {
      live--;
    }
  }

  long uncounted() {
    return uncounted;
  }

  void observe(long clockTime) {
    if (Long.compareUnsigned(clockTime, largestClockTime) > 0) {
      largestClockTime = clockTime;
    }
  }

  ShardCounts counts() {
    return new ShardCounts(live, tombstones, liveBytes, tombstoneBytes, largestClockTime);
  }
}
