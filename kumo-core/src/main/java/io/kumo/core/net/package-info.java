/** The network as Netty gives it: event loops, listeners, links. */
@NullMarked
package io.kumo.core.net;

import org.jspecify.annotations.NullMarked;
