/**
 * The records of one server: the {@code Store} that the rest of the server uses, and its engines.
 */
@NullMarked
package io.kumo.server.store;

import org.jspecify.annotations.NullMarked;
