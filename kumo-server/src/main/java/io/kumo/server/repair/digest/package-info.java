/**
 * Finds where the records of two servers differ by digests of ranges of hashes, so that equal ones
 * cost kilobytes, however many there are. {@link DigestComparison} asks and {@link DigestHandler}
 * answers; both add up with {@link RangeDigester}.
 */
@NullMarked
package io.kumo.server.repair.digest;

import org.jspecify.annotations.NullMarked;
