package io.kumo.server.store.mapdb;

/**
 * Counts of the records of one shard.
 *
 * @param live records that are not tombstones
 * @param tombstones tombstones
 * @param liveBytes raw keys and values of live records
 * @param tombstoneBytes raw keys and values of tombstones
 * @param largestClockTime unsigned, of all records that ever were
 */
public record ShardCounts(
    long live, long tombstones, long liveBytes, long tombstoneBytes, long largestClockTime) {
  public static final ShardCounts NONE = new ShardCounts(0, 0, 0, 0, 0);

  public ShardCounts plus(ShardCounts other) {
    return new ShardCounts(
        live + other.live,
        tombstones + other.tombstones,
        liveBytes + other.liveBytes,
        tombstoneBytes + other.tombstoneBytes,
        Long.compareUnsigned(largestClockTime, other.largestClockTime) > 0
            ? largestClockTime
            : other.largestClockTime);
  }
}
