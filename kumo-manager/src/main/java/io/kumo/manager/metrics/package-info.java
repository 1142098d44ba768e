/** What a manager shows of the cluster to those who watch it. */
@NullMarked
package io.kumo.manager.metrics;

import org.jspecify.annotations.NullMarked;
