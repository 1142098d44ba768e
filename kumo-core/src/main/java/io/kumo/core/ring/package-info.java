/**
 * Consistent hashing: key hashes, node addresses and the immutable hash space that places keys on
 * nodes.
 */
@NullMarked
package io.kumo.core.ring;

import org.jspecify.annotations.NullMarked;
