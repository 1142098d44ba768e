/** A whole cluster in one JVM: the very daemons, real sockets, real files. */
@NullMarked
package io.kumo.local;

import org.jspecify.annotations.NullMarked;
