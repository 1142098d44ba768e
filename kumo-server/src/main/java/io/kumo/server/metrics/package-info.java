/** What a server counts. */
@NullMarked
package io.kumo.server.metrics;

import org.jspecify.annotations.NullMarked;
