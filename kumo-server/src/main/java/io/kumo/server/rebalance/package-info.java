/**
 * The phases of a replace at a server: copy, and removal of what moved away once its owners confirm
 * it.
 */
@NullMarked
package io.kumo.server.rebalance;

import org.jspecify.annotations.NullMarked;
