/** Clusters of real processes on loopback, and what users see of them. */
@NullMarked
package io.kumo.it.process;

import org.jspecify.annotations.NullMarked;
