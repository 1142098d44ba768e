/** The hybrid logical clock that orders every write, and the only place that reads the time. */
@NullMarked
package io.kumo.core.clock;

import org.jspecify.annotations.NullMarked;
