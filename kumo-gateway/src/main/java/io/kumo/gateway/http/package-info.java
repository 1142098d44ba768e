/**
 * Keys over HTTP: another protocol of a client's connection, beside those of memcached, with the
 * same limits. Heads are parsed by Netty's codec; a request is one command, and no thread changes.
 */
@NullMarked
package io.kumo.gateway.http;

import org.jspecify.annotations.NullMarked;
