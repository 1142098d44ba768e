/**
 * The memcached protocols' common part: commands, statuses, reply order, and client connections.
 */
@NullMarked
package io.kumo.gateway.memcached;

import org.jspecify.annotations.NullMarked;
