/** A whole cluster in memory on virtual time, and what a test asks of it. */
@NullMarked
package io.kumo.testkit.cluster;

import org.jspecify.annotations.NullMarked;
