package io.kumo.server.store;

/**
 * Counts and sizes of a store.
 *
 * @param liveCount records that are not tombstones
 * @param tombstoneCount tombstones
 * @param liveBytes raw keys and values of live records
 * @param tombstoneBytes raw keys and values of tombstones
 * @param fileBytes length of the data files
 * @param freeBytes space in the data files that new records will reuse
 * @param logBytes length of the redo log
 * @param dirtyBytes memory that holds blocks not yet in the data files
 * @param syncCount syncs of the redo log since the store opened
 * @param checkpointCount checkpoints since the store opened
 * @param damagedCount records found damaged and not written anew since
 * @param spareBytes room on the disk above the bound at which writes are refused
 * @param memory outside the heap
 */
public record StoreStatistics(
    long liveCount,
    long tombstoneCount,
    long liveBytes,
    long tombstoneBytes,
    long fileBytes,
    long freeBytes,
    long logBytes,
    long dirtyBytes,
    long syncCount,
    long checkpointCount,
    long damagedCount,
    long spareBytes,
    StoreMemory memory) {}
