/** When records move: the phases of a replace, decided from events and the time. */
@NullMarked
package io.kumo.manager.rebalance;

import org.jspecify.annotations.NullMarked;
