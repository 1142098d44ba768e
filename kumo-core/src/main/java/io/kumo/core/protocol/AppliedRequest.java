package io.kumo.core.protocol;

/**
 * A write that a server remembers by its id.
 *
 * @param clockTime that the write gave the record
 */
public record AppliedRequest(RequestId id, long clockTime) {}
