/** The binary protocol of memcached 1.6. */
@NullMarked
package io.kumo.gateway.memcached.binary;

import org.jspecify.annotations.NullMarked;
