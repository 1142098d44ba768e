/**
 * How a cluster agrees on its view: how a vote is kept, how a manager wins a term and publishes
 * views, and the leases under which servers coordinate. Pure decisions: an event and the time go
 * in, the next state and an answer come out. See docs/internals/views.md.
 */
@NullMarked
package io.kumo.core.vote;

import org.jspecify.annotations.NullMarked;
