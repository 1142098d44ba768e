/** A store in heap memory, for simulated servers and tests. */
@NullMarked
package io.kumo.testkit.store;

import org.jspecify.annotations.NullMarked;
