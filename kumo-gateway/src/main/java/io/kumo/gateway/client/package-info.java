/** One connection of a memcached client: what it may hold, in which order it is answered. */
@NullMarked
package io.kumo.gateway.client;

import org.jspecify.annotations.NullMarked;
