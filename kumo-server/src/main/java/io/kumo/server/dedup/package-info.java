/** The requests that were applied in the last while, and how far back that memory reaches. */
@NullMarked
package io.kumo.server.dedup;

import org.jspecify.annotations.NullMarked;
