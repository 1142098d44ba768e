/** The sockets that clients connect to. */
@NullMarked
package io.kumo.gateway.listener;

import org.jspecify.annotations.NullMarked;
