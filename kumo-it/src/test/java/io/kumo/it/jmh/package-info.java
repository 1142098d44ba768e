/** Benchmarks of the pieces that every request passes; {@code scripts/bench micro} runs them. */
@NullMarked
package io.kumo.it.jmh;

import org.jspecify.annotations.NullMarked;
