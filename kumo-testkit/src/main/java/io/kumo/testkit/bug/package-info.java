/** Mistakes to be injected, to show that the simulator would find them. */
@NullMarked
package io.kumo.testkit.bug;

import org.jspecify.annotations.NullMarked;
