/** The classic text protocol of memcached 1.6. */
@NullMarked
package io.kumo.gateway.memcached.text;

import org.jspecify.annotations.NullMarked;
