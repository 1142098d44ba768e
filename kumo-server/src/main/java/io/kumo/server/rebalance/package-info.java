/** Moves records between servers when the hash space changes, and removes what moved away. */
@NullMarked
package io.kumo.server.rebalance;

import org.jspecify.annotations.NullMarked;
