/** The answers to the stats commands. */
@NullMarked
package io.kumo.gateway.stats;

import org.jspecify.annotations.NullMarked;
