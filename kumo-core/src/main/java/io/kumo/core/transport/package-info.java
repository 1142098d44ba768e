/** The seam to the network: one event loop, its timers, and links to other processes. */
@NullMarked
package io.kumo.core.transport;

import org.jspecify.annotations.NullMarked;
