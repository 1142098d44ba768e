/** This server's part in an image of the whole cluster as of one ClockTime. */
@NullMarked
package io.kumo.server.snapshot;

import org.jspecify.annotations.NullMarked;
