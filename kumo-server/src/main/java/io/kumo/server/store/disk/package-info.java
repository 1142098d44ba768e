/** The directory and the files of a store, as the operating system has them. */
@NullMarked
package io.kumo.server.store.disk;

import org.jspecify.annotations.NullMarked;
