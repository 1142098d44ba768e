/** Which servers are there: decisions from events and the time, without any input or output. */
@NullMarked
package io.kumo.manager.membership;

import org.jspecify.annotations.NullMarked;
