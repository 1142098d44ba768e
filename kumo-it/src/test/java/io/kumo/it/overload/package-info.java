/** Clients that behave badly in crowds, and what the others notice of it. */
@NullMarked
package io.kumo.it.overload;

import org.jspecify.annotations.NullMarked;
