/** From a command to the servers that hold its keys, and back. */
@NullMarked
package io.kumo.gateway.route;

import org.jspecify.annotations.NullMarked;
