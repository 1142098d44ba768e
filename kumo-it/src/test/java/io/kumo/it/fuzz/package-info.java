/** Bytes that no peer should send, and what they may cost. */
@NullMarked
package io.kumo.it.fuzz;

import org.jspecify.annotations.NullMarked;
