/** Measures what no program of the project can. */
@NullMarked
package io.kumo.it.bench;

import org.jspecify.annotations.NullMarked;
