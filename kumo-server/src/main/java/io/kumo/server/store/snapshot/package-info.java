/** Records as they were when a snapshot was opened, kept while newer ones take their places. */
@NullMarked
package io.kumo.server.store.snapshot;

import org.jspecify.annotations.NullMarked;
