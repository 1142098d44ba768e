/** How a process shows what it measures to those who watch it. */
@NullMarked
package io.kumo.core.metrics;

import org.jspecify.annotations.NullMarked;
