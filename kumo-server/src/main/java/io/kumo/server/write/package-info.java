/** Who may write a key, in which order, where to, and when the writer is told. */
@NullMarked
package io.kumo.server.write;

import org.jspecify.annotations.NullMarked;
