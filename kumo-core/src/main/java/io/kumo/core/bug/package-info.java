/** Mistakes that the simulator can switch on, to show that it would find them. */
@NullMarked
package io.kumo.core.bug;

import org.jspecify.annotations.NullMarked;
