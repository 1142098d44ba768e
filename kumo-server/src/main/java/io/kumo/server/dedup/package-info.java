/** The dedup window: the requests that were applied in the last while, and its coverage. */
@NullMarked
package io.kumo.server.dedup;

import org.jspecify.annotations.NullMarked;
