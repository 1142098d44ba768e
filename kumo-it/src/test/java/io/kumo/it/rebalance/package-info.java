/** Records on the move: managers and servers together, in memory and over real sockets. */
@NullMarked
package io.kumo.it.rebalance;

import org.jspecify.annotations.NullMarked;
