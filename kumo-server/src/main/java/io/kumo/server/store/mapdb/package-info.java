/** One data file: MapDB over memory that reaches the disk by checkpoints only. */
@NullMarked
package io.kumo.server.store.mapdb;

import org.jspecify.annotations.NullMarked;
