/** Who may write a key, in which order, where to, and when the writer is told. */
@NullMarked
package io.kumo.server.replicate;

import org.jspecify.annotations.NullMarked;
