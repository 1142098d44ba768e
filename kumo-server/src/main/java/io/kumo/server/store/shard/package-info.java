/** A part of the keys behind one lock: index, records, scans. */
@NullMarked
package io.kumo.server.store.shard;

import org.jspecify.annotations.NullMarked;
