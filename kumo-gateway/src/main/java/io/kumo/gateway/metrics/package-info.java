/** What a gateway counts, and where it can be read. */
@NullMarked
package io.kumo.gateway.metrics;

import org.jspecify.annotations.NullMarked;
