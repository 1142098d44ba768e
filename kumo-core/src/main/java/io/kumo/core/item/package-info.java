/** The bytes of a record, and what memcached's commands do to them: pure functions on buffers. */
@NullMarked
package io.kumo.core.item;

import org.jspecify.annotations.NullMarked;
