/** Messages by which managers and servers vote on views and grant leases; see core.vote. */
@NullMarked
package io.kumo.core.protocol.votes;

import org.jspecify.annotations.NullMarked;
