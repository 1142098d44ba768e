package io.kumo.server.store;

/**
 * What a write did.
 *
 * @param stored whether the given value is now the record
 * @param clockTime the ClockTime that the record has now, 0 when there is none
 * @param position for {@link Store#whenDurable}. When nothing was stored it covers the record that
 *     stood in the way
 */
public record WriteResult(boolean stored, long clockTime, long position) {}
