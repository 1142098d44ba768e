/** A cluster on machines of its own, whose network breaks under load, and what clients then see. */
@NullMarked
package io.kumo.it.netns;

import org.jspecify.annotations.NullMarked;
