/** A whole cluster on virtual time: one seed is one run. */
@NullMarked
package io.kumo.it.sim;

import org.jspecify.annotations.NullMarked;
