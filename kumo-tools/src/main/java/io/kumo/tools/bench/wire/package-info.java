/** How kumobench reaches what it loads: the names of targets, plain sockets, TLS. */
@NullMarked
package io.kumo.tools.bench.wire;

import org.jspecify.annotations.NullMarked;
