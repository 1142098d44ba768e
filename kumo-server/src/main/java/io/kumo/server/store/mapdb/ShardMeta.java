package io.kumo.server.store.mapdb;

/**
 * What a data file says about itself, as of its last checkpoint.
 *
 * @param shard number of the shard
 * @param checkpointId random; tells which index file belongs to the file
 * @param mark the position in the redo log from which on the file knows nothing
 * @param counts of its records
 */
public record ShardMeta(int shard, long checkpointId, long mark, ShardCounts counts) {}
