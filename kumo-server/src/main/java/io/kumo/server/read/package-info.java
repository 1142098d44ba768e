/** Reads at the coordinator of a key. */
@NullMarked
package io.kumo.server.read;

import org.jspecify.annotations.NullMarked;
