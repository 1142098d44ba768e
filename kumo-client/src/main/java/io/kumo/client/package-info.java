/**
 * A client for Java programs: it knows the ring and asks the server that holds a key, one hop away,
 * with the retries and request ids that gateways have. What it stores, memcached clients read
 * through a gateway, and the other way round.
 */
@NullMarked
package io.kumo.client;

import org.jspecify.annotations.NullMarked;
