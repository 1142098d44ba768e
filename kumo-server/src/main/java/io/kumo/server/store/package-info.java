/** The records of one server, as the rest of the server sees them. */
@NullMarked
package io.kumo.server.store;

import org.jspecify.annotations.NullMarked;
