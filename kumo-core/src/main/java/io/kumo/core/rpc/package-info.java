/** Calls between kumo processes: sessions, handlers and the seam to the network. */
@NullMarked
package io.kumo.core.rpc;

import org.jspecify.annotations.NullMarked;
