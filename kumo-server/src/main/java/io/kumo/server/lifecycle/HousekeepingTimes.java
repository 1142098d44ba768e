package io.kumo.server.lifecycle;

/**
 * How long housekeeping waits.
 *
 * @param tombstoneSeconds age at which a tombstone is dropped ({@code -gX})
 * @param contactNs within which a manager must have been heard for this server to be in step
 */
public record HousekeepingTimes(long tombstoneSeconds, long contactNs) {}
