/** What a request costs, in figures that do not depend on the clock. */
@NullMarked
package io.kumo.it.cost;

import org.jspecify.annotations.NullMarked;
