/** From a key to the servers that hold it: what a gateway and a client library share. */
@NullMarked
package io.kumo.core.route;

import org.jspecify.annotations.NullMarked;
