/** The store on disk as a whole: opened, recovered, backed up, compacted. */
@NullMarked
package io.kumo.server.store.engine;

import org.jspecify.annotations.NullMarked;
