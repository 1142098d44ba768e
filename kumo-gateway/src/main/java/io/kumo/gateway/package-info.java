/** The program kumo-gateway: memcached towards applications, a cluster of kumo behind it. */
@NullMarked
package io.kumo.gateway;

import org.jspecify.annotations.NullMarked;
