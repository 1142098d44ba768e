/** A cluster of real processes that are killed and hung under load, and what clients then see. */
@NullMarked
package io.kumo.it.chaos;

import org.jspecify.annotations.NullMarked;
