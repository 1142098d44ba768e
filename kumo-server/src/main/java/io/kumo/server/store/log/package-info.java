/** The redo log (a write-ahead log): every change before it is made, and who may make one. */
@NullMarked
package io.kumo.server.store.log;

import org.jspecify.annotations.NullMarked;
