/** What clients saw, and whether one register per key can explain it. */
@NullMarked
package io.kumo.it.sim.history;

import org.jspecify.annotations.NullMarked;
