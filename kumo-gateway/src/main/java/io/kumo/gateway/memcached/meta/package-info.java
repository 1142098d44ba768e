/** The meta commands of memcached 1.6, which travel among text commands. */
@NullMarked
package io.kumo.gateway.memcached.meta;

import org.jspecify.annotations.NullMarked;
