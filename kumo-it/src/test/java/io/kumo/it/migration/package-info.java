/** From kumofs, memcached and Redis: what the programs that take data over make of it. */
@NullMarked
package io.kumo.it.migration;

import org.jspecify.annotations.NullMarked;
